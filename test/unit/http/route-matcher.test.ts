import { describe, expect, it } from 'vitest'
import { operationIds, operations, type Routes } from '../../../generated/operations.ts'
import { toRoutes } from '../../../scripts/codegen/routes.ts'
import { createRouteMatcher, matchRoute } from '../../../src/http/route-matcher.ts'

const UUID = '2f9d8c34-6b7a-4e15-8c90-1d3b5f7a9e02'

describe('matchRoute', () => {
  it('finds every operation of the spec by its own path', () => {
    for (const id of operationIds) {
      const { method, path } = operations[id]
      const filled = path.replaceAll(/\{[^}]+\}/g, 'some%20value')
      const names = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1])
      const params = Object.fromEntries(names.map((name) => [name, 'some value']))
      expect(matchRoute(method, filled)).toEqual({ id, params })
    }
  })

  it('prefers literal segments', () => {
    expect(matchRoute('GET', '/api/widget/types')).toEqual({ id: 'getWidgetTypes', params: {} })
    expect(matchRoute('GET', '/api/widget/typesx')).toEqual({ id: 'getWidget', params: { id: 'typesx' } })
    expect(matchRoute('GET', `/api/project/filter-params/${UUID}`)).toMatchObject({ id: 'getFilterParams' })
    expect(matchRoute('GET', '/api/project/filter-params')).toMatchObject({ id: 'getProject' })
    expect(matchRoute('POST', '/api/runs/bulk-update')).toEqual({ id: 'bulkUpdate', params: {} })
  })

  it('answers HEAD like GET', () => {
    expect(matchRoute('HEAD', '/api/run')).toMatchObject({ id: 'getRunList' })
    expect(matchRoute('HEAD', `/api/run/${UUID}`)).toEqual({ id: 'getRun', params: { id: UUID } })
    expect(matchRoute('HEAD', '/api/login')).toEqual({ allow: ['POST'] })
  })

  it('names the methods of a path', () => {
    expect(matchRoute('PATCH', '/api/run')).toEqual({ allow: ['GET', 'HEAD', 'POST'] })
    expect(matchRoute('DELETE', `/api/run/${UUID}`)).toEqual({ allow: ['GET', 'HEAD', 'PUT'] })
    expect(matchRoute('constructor', '/api/run')).toEqual({ allow: ['GET', 'HEAD', 'POST'] })
  })

  it.each(['/', '/api', '/api/', '/api/run/', '/API/run', '/api//run', '/api/nothing', '/api/constructor', ''])(
    'finds nothing at %s',
    (path) => {
      expect(matchRoute('GET', path)).toBeNull()
    },
  )

  it('decodes parameters and leaves malformed encodings', () => {
    expect(matchRoute('GET', '/api/run/a%2Fb%C3%BC')).toEqual({ id: 'getRun', params: { id: 'a/bü' } })
    expect(matchRoute('GET', '/api/run/50%25%zz')).toEqual({ id: 'getRun', params: { id: '50%25%zz' } })
    expect(matchRoute('GET', '/%61pi/run')).toMatchObject({ id: 'getRunList' })
    expect(matchRoute('GET', '/api%2Frun')).toBeNull()
  })

  it('goes back where a literal leads nowhere', () => {
    const path = (id: string, method: string, template: string) => ({ id, method, path: template })
    const tables = toRoutes([
      path('deep', 'GET', '/a/b/{x}/c'),
      path('wide', 'GET', '/a/{y}/{x}/d'),
      path('wideDelete', 'DELETE', '/a/{y}/{x}/c'),
    ])
    const match = createRouteMatcher(tables as Routes)
    expect(match('GET', '/a/b/1/c')).toEqual({ id: 'deep', params: { x: '1' } })
    expect(match('GET', '/a/b/1/d')).toEqual({ id: 'wide', params: { y: 'b', x: '1' } })
    expect(match('DELETE', '/a/b/1/c')).toEqual({ id: 'wideDelete', params: { y: 'b', x: '1' } })
    expect(match('PUT', '/a/b/1/c')).toEqual({ allow: ['DELETE', 'GET', 'HEAD'] })
  })
})
