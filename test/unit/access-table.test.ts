import { describe, expect, it } from 'vitest'
import { operationIds, operations } from '../../generated/operations.ts'
import { accessTable } from '../../src/access/access-table.ts'
import { handlers } from '../../src/http/handlers.ts'

describe('the access table', () => {
  it('has one row for each operation of the spec', () => {
    expect(Object.keys(accessTable).sort()).toEqual([...operationIds].sort())
  })

  it('is open exactly where the spec asks for no token', () => {
    for (const id of operationIds) {
      expect([id, accessTable[id].who !== 'anonymous']).toEqual([id, operations[id].secured])
    }
  })
})

describe('the handlers', () => {
  it('are those of all operations', () => {
    expect(Object.keys(handlers).sort()).toEqual([...operationIds].sort())
  })
})
