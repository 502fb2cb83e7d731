import { describe, expect, it } from 'vitest'
import { newId, parseUuid } from '../../../src/ids/uuid.ts'

const ID = '0a1b2c3d-4e5f-6a7b-8c9d-0e1f2a3b4c5d'
const HEX = ID.replaceAll('-', '')

describe('parseUuid', () => {
  it.each([
    ID,
    ID.toUpperCase(),
    HEX,
    HEX.toUpperCase(),
    `{${ID}}`,
    `{${HEX}}`,
    `urn:uuid:${ID}`,
    `URN:UUID:${ID.toUpperCase()}`,
    '0a1b2c3d4e5f6a7b-8c9d0e1f2a3b4c5d',
  ])('reads %s', (text) => {
    expect(parseUuid(text)).toBe(ID)
  })

  it.each(['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'])('reads %s', (text) => {
    expect(parseUuid(text)).toBe(text)
  })

  it.each([
    '',
    'xyz',
    `${ID} `,
    ` ${ID}`,
    `${ID}\n`,
    `${ID}0`,
    ID.slice(1),
    ID.replace('a', 'g'),
    `{${ID}`,
    `${ID}}`,
    `{{${ID}}}`,
    `uuid:${ID}`,
    '5f1d7e2a9b3c4d5e6f708192',
    HEX + '-'.repeat(1000),
    'é'.repeat(36),
    null,
    undefined,
    5,
    {},
    [ID],
  ])('refuses %j', (text) => {
    expect(parseUuid(text)).toBeNull()
  })
})

describe('newId', () => {
  it('makes canonical random ids of version 4', () => {
    const id = newId()
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(parseUuid(id)).toBe(id)
    expect(newId()).not.toBe(id)
  })
})
