import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createIbutsuClient } from '../../../generated/client/client.ts'
import { ROOT } from './fixtures.ts'

let dir: string
const node = (...args: readonly string[]) => {
  try {
    return execFileSync(process.execPath, args, { cwd: dir, encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    return `failed: ${stdout}${stderr}`
  }
}

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'codegen-client-'))
  symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'))
  writeFileSync(join(dir, 'package.json'), '{ "type": "module" }')
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

it('client writes the files that the tests use, leaves others alone, and they compile by themselves', () => {
  writeFileSync(join(dir, 'use.ts'), USE)
  expect(node(join(ROOT, 'scripts/codegen/bin.js'), 'client', '.')).not.toContain('failed')
  for (const name of ['client.ts', 'types.ts']) {
    expect(readFileSync(join(dir, name), 'utf8')).toBe(readFileSync(join(ROOT, 'generated/client', name), 'utf8'))
  }
  expect(readdirSync(dir).sort()).toEqual(['client.ts', 'node_modules', 'package.json', 'types.ts', 'use.ts'])
  const compilerOptions = {
    ...{ noEmit: true, strict: true, target: 'es2022', module: 'nodenext', types: [] },
    lib: ['es2022', 'dom', 'dom.iterable'],
  }
  writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }))
  expect(node(join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.')).toBe('')
}, 120_000)

const USE = `import { createIbutsuClient } from './client.js'
export async function use(): Promise<string | null> {
  const client = createIbutsuClient('http://localhost', { token: 'x' })
  const { data, error } = await client.GET('/api/group/{id}', { params: { path: { id: 'x' } } })
  // @ts-expect-error there is no such path
  await client.GET('/api/nothing', {})
  // @ts-expect-error name is a text
  await client.POST('/api/group', { body: { name: 3 } })
  await client.POST('/api/artifact', { body: { file: new Blob(['x']), filename: 'x' } })
  return data ? data.name : String(error)
}
`

it('sends the token, queries with repeated parameters, JSON bodies and forms', async () => {
  const seen: Request[] = []
  const client = createIbutsuClient('http://server', {
    token: 'secret',
    fetch: async (request) => {
      seen.push(request)
      return new Response('"no"', { status: 404, headers: { 'content-type': 'application/json' } })
    },
  })
  const { error } = await client.GET('/api/run', { params: { query: { filter: ['a=1', 'b=2'], page: 2 } } })
  await client.POST('/api/group', { body: { name: 'x' } })
  await client.POST('/api/artifact', { body: { file: new File(['text'], 'a.log'), filename: 'b.log' } })
  expect(error).toBe('no')
  const [list, json, form] = seen
  expect([list?.url, list?.headers.get('authorization')]).toEqual([
    'http://server/api/run?filter=a%3D1&filter=b%3D2&page=2',
    'Bearer secret',
  ])
  expect([json?.headers.get('content-type'), await json?.json()]).toEqual(['application/json', { name: 'x' }])
  const parts = await form?.formData()
  expect([parts?.get('filename'), (parts?.get('file') as File | undefined)?.name]).toEqual(['b.log', 'a.log'])
})
