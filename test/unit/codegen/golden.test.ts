import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { GeneratedFiles } from '../../../scripts/codegen/generate.ts'
import { generateTricky, TRICKY, typeCheck } from './fixtures.ts'

const NAMES = [
  'handlers.ts',
  'openapi.json',
  'operations.ts',
  'serializers.ts',
  'types.ts',
  'validators.d.ts',
  'validators.js',
]

// The golden files are written anew by `vitest run -u`; read their diff before committing it.
describe('the tricky spec', () => {
  let files: GeneratedFiles
  beforeAll(async () => {
    files = await generateTricky()
  })

  it.each(NAMES)('gives the golden %s', async (name) => {
    await expect(files.get(name)).toMatchFileSnapshot(join(TRICKY, 'expected', name))
  })

  it('gives these files and no others', () => {
    expect([...files.keys()]).toEqual(NAMES)
  })

  it('gives the same bytes again', async () => {
    expect([...(await generateTricky())]).toEqual([...files])
  })

  it('gives TypeScript that compiles', () => {
    expect(typeCheck(files)).toEqual([])
  })
})
