import { describe, expect, it } from 'vitest'
import { findViolations } from './helpers/find-violations.ts'
import type { Operation, State } from './helpers/history.ts'

const ID = 'run'
const contents = (_object: string, variant: number) => ({ variant: String(variant) })
const state = (marks: string[], fields: Record<string, string> = {}): State => ({
  marks: marks.map((mark) => `mark-${mark}`),
  fields: { variant: '0', ...fields },
})
const operation = (name: string, begun: number, ended: number, more: Partial<Operation>): Operation => ({
  name,
  kind: 'write',
  objects: [ID],
  begun,
  ended,
  outcome: 'done',
  seen: {},
  ...more,
})
const written = (name: string, begun: number, ended: number, before: string[], more: Partial<Operation> = {}) =>
  operation(name, begun, ended, {
    mark: `mark-${name}`,
    sets: { common: name },
    seen: { [ID]: state([...before, name], { common: name }) },
    ...more,
  })

/** A create, two writes at the same time, and a read after them. */
const create = operation('create', 0, 1, { kind: 'create', variant: 0, seen: { [ID]: state([]) } })
const [a, b] = [written('a', 2, 5, []), written('b', 3, 4, ['a'])]
const read = (begun: number, ended: number, shown: State) =>
  operation('read', begun, ended, { kind: 'read', seen: { [ID]: shown } })
const both = state(['a', 'b'], { common: 'b' })
const good = [create, a, b, read(6, 7, both)]
const check = (history: readonly Operation[], final: State | null = both) =>
  findViolations(history, final ? { [ID]: final } : {}, contents)

describe('findViolations', () => {
  it('finds nothing where there is an order', () => {
    expect(check(good)).toEqual([])
    expect(check([create, a, b, read(0, 8, state(['a'], { common: 'a' }))])).toEqual([])
    expect(check([...good, operation('early', 0, 1, { kind: 'read', outcome: 'missing' })])).toEqual([])
    expect(check([...good, operation('other', 6, 7, { kind: 'create', variant: 1, outcome: 'refused' })])).toEqual([])
  })

  it('orders writes whose answers were lost by what others show', () => {
    const lost = { outcome: 'unknown', ended: Number.POSITIVE_INFINITY, seen: {} } as const
    const all = [create, written('a', 2, 5, [], lost), written('b', 3, 4, [], lost)]
    for (const common of ['a', 'b']) expect(check([...all], state(['a', 'b'], { common }))).toEqual([])
    expect(check(all, state(['b'], { common: 'b' }))).toEqual([])
    expect(check(all, state(['b'], { common: 'a' }))).toEqual([expect.stringContaining('which no order of')])
  })

  it('knows that a write that was sent twice may have taken place before what its answer shows', () => {
    const mark = { mark: 'mark-twice', repeated: true } as const
    const shown = state(['twice', 'a'], { common: 'a' })
    const twice = operation('twice', 2, 6, { ...mark, seen: { [ID]: shown } })
    const after = written('a', 3, 4, ['twice'])
    for (const history of [
      [create, twice, after],
      [create, after, twice],
    ]) {
      expect(check(history, shown)).toEqual([])
    }
    const lost = written('b', 3, 4, [], { outcome: 'unknown', ended: Number.POSITIVE_INFINITY, seen: {} })
    const all = state(['twice', 'b', 'a'], { common: 'a' })
    const answers = [operation('twice', 2, 8, { ...mark, seen: { [ID]: all } }), written('a', 5, 6, ['twice', 'b'])]
    expect(check([create, lost, ...answers], all)).toEqual([])
    const early = operation('twice', 2, 4.5, { ...mark, seen: { [ID]: all } })
    expect(check([create, lost, early, written('a', 5, 6, ['twice', 'b'])], all)).toEqual([
      expect.stringMatching(/^twice \(again\) had ended/),
    ])
  })

  it.each<[string, readonly Operation[], State | null, RegExp]>([
    ['a lost object', good, null, /acknowledged, and run is gone/],
    ['a lost write', good, state(['a'], { common: 'a' }), /^b was acknowledged, and its key is not in/],
    [
      'an overwritten value',
      good,
      state(['a', 'b'], { common: 'a' }),
      /the last look shows .* which no order of no writes/,
    ],
    ['a value from nowhere', good, state(['a', 'b'], { common: 'x' }), /which no order of/],
    ['a key from nowhere', good, state(['a', 'b', 'x'], { common: 'b' }), /mark-x, which nobody sent/],
    ['answers that miss each other', [create, a, written('b', 3, 4, [])], both, /less than an answer before it/],
    ['a read of what was over', [create, a, b, read(6, 7, state(['a'], { common: 'a' }))], both, /^b had ended 2.0 ms/],
    ['a read before its write', [create, a, b, read(0, 1, both)], both, /^read had ended/],
    [
      'an answer that was missing later',
      [...good, operation('late', 8, 9, { outcome: 'missing', kind: 'read' })],
      both,
      /^(run was not there|\w+ had ended)/,
    ],
    ['two contents', [...good, operation('other', 6, 7, { kind: 'create', variant: 1 })], both, /variant 0 is stored/],
    [
      'a refused replay',
      [...good, operation('again', 6, 7, { kind: 'create', variant: 0, outcome: 'refused' })],
      both,
      /refused, though/,
    ],
    ['a content of nobody', good.slice(1), both, /content that nobody sent/],
    [
      'a run that a fill left out',
      [...good, operation('fill', 8, 9, { kind: 'fill', objects: [], mark: 'mark-f' })],
      both,
      /left out run/,
    ],
  ])('finds %s', (_name, history, final, pattern) => {
    expect(check(history, final)).toContainEqual(expect.stringMatching(pattern))
  })

  it('finds the value of a repeated write that another one must have replaced', () => {
    const again = (name: string, begun: number, ended: number, more: Partial<Operation> = {}) =>
      operation(name, begun, ended, { sets: { 'again-0': name }, ...more })
    const final = state([], { 'again-0': 'first' })
    expect(check([create, again('first', 2, 3), again('second', 4, 5)], final)).toEqual([
      expect.stringContaining('though second came after it'),
    ])
    expect(check([create, again('first', 2, 3, { repeated: true }), again('second', 4, 5)], final)).toEqual([])
    expect(check([create, again('first', 2, 5), again('second', 3, 4)], final)).toEqual([])
  })
})
