import { describe, expect, it } from 'vitest'
import { inPieces } from '../../../src/features/import/import-chunks.ts'
import { isDebris, linkTarget, placeOf, plainName } from '../../../src/importers/archive/entry-name.ts'
import { compressionOf } from '../../../src/importers/archive/expand.ts'

const run = '00000000-0000-4000-8000-0000000000a1'
const one = '00000000-0000-4000-8000-0000000000b1'

describe('plainName', () => {
  it('drops what means nothing', () => expect(plainName('./a//b/./c', 100)).toBe('a/b/c'))
  it.each(['/a', '../a', 'a/../b', 'a/..'])('refuses %s', (name) => expect(() => plainName(name, 100)).toThrow())
  it('refuses long names', () => expect(() => plainName('abc', 2)).toThrow('limit of 2'))
})

describe('placeOf', () => {
  it.each([
    [`${run}/run.json`, { kind: 'run', runFolder: run }],
    [`${run}/myrun.json`, { kind: 'run', runFolder: run }],
    [`${run}/a.log`, { kind: 'run-file', runFolder: run, path: 'a.log' }],
    [`${run}/${one}/result.json`, { kind: 'result', runFolder: run, folder: `${run}/${one}`, id: one }],
    [
      `${run}/${one.toUpperCase()}/my-result.json`,
      { kind: 'result', runFolder: run, folder: `${run}/${one}`, id: one },
    ],
    [
      `${run}/${one}/d/result.json`,
      { kind: 'result-file', runFolder: run, folder: `${run}/${one}`, path: 'd/result.json' },
    ],
    [`${run}/x/result.json`, { kind: 'result', runFolder: run, folder: `${run}/x`, id: null }],
  ])('%s', (name, place) => expect(placeOf(name)).toEqual(place))

  it.each(['run.json', 'x/run.json', run])('refuses %s', (name) => expect(() => placeOf(name)).toThrow('in no folder'))
})

describe('linkTarget', () => {
  it('resolves within', () => {
    expect(linkTarget('r/a/link', '../b', true)).toBe('r/b')
    expect(linkTarget('r/a/link', 'r/./b', false)).toBe('r/b')
  })
  it.each([
    ['../../../b', true],
    ['/b', true],
    ['../b', false],
  ])('refuses %s', (target, symbolic) => expect(() => linkTarget('r/a/link', target, symbolic)).toThrow('points out'))
})

describe('small readers', () => {
  it('knows debris', () => {
    expect(['._a', 'r/._a', 'r/.DS_Store', 'r/a', '.a'].map(isDebris)).toEqual([true, true, true, false, false])
  })
  it('knows compressions by their bytes', () => {
    const kinds = ['1f8b08', '28b52ffd', '425a68', 'fd377a585a00', '504b0304', '00', ''].map((hex) =>
      compressionOf(Buffer.from(hex, 'hex')),
    )
    expect(kinds).toEqual(['gzip', 'zstd', 'bzip2', 'xz', 'zip', 'none', 'none'])
  })
})

describe('inPieces', () => {
  async function* source(...sizes: number[]) {
    let next = 0
    for (const size of sizes) yield Buffer.from(Array.from({ length: size }, () => next++ % 256))
  }
  it.each([[[]], [[3]], [[4]], [[9]], [[1, 1, 1, 1, 1]], [[3, 0, 9, 1]]])('cuts %j in fours', async (sizes) => {
    const pieces: Buffer[] = []
    for await (const piece of inPieces(source(...sizes), 4)) pieces.push(Buffer.from(piece))
    const total = sizes.reduce((sum, size) => sum + size, 0)
    expect(pieces.map(({ length }) => length)).toEqual([
      ...Array(Math.floor(total / 4)).fill(4),
      ...(total % 4 ? [total % 4] : []),
    ])
    expect([...Buffer.concat(pieces)]).toEqual(Array.from({ length: total }, (_, n) => n))
  })
})
