import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { GeneratedFiles } from '../../../scripts/codegen/generate.ts'
import { generateFixture, ODD, TRICKY, typeCheck } from './fixtures.ts'

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
describe.each([
  ['the tricky spec', TRICKY],
  ['the spec of odd names', ODD],
])('%s', (_name, folder) => {
  let files: GeneratedFiles
  beforeAll(async () => {
    files = await generateFixture(folder)
  })

  it.each(NAMES)('gives the golden %s', async (name) => {
    await expect(files.get(name)).toMatchFileSnapshot(join(folder, 'expected', name))
  })

  it('gives these files and no others', () => {
    expect([...files.keys()]).toEqual(NAMES)
  })

  it('gives the same bytes again', async () => {
    expect([...(await generateFixture(folder))]).toEqual([...files])
  })

  it('gives TypeScript that compiles', () => {
    expect(typeCheck(files)).toEqual([])
  })
})
