import { describe, expect, it } from 'vitest'
import { createSearchSlots, isSearch, searchLimits } from '../../../src/http/search-slots.ts'

/** Searches that end when they are told to. */
function open(limits: { total: number; perCaller: number; waitMs?: number }) {
  const run = createSearchSlots({ waitMs: 60_000, ...limits })
  const running: { caller: string; end: () => void }[] = []
  const leavers: (() => void)[] = []
  const start = (caller: string) =>
    run({
      caller,
      describe: () => `of ${caller}`,
      onGone: (leave) => leavers.push(leave),
      run: () => new Promise<string>((resolve) => running.push({ caller, end: () => resolve(caller) })),
    })
  const names = () => running.map(({ caller }) => caller).join('')
  const end = async (caller: string) => {
    const at = running.findIndex((one) => one.caller === caller)
    running.splice(at, 1)[0]?.end()
    await settle()
  }
  return { start, names, end, leavers }
}
const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('searches', () => {
  it('of one caller never take all the room', async () => {
    const { start, names } = open({ total: 4, perCaller: 2 })
    for (let i = 0; i < 9; i++) void start('a')
    await settle()
    expect(names()).toBe('aa')
    void start('b')
    await settle()
    expect(names()).toBe('aab')
  })

  it('of all callers leave room for what is no search', async () => {
    const { start, names } = open({ total: 3, perCaller: 2 })
    for (const caller of 'aabbcc') void start(caller)
    await settle()
    expect(names()).toBe('aab')
  })

  it('take turns: who has waited longest since their last goes first', async () => {
    const { start, names, end } = open({ total: 2, perCaller: 2 })
    for (const caller of 'xxaaabb') void start(caller)
    await settle()
    const order: string[] = []
    for (const caller of ['x', 'x', 'a', 'b', 'a']) {
      const before = names()
      await end(caller)
      order.push(names().replace(before.replace(caller, ''), ''))
    }
    expect(order.join('')).toBe('ababa')
  })

  it('give their room back when they fail', async () => {
    const run = createSearchSlots({ total: 1, perCaller: 1, waitMs: 60_000 })
    const search = (result: Promise<string>) =>
      run({ caller: 'a', describe: () => '', onGone: () => undefined, run: () => result })
    await expect(search(Promise.reject(new Error('x')))).rejects.toThrow('x')
    await expect(search(Promise.resolve('y'))).resolves.toBe('y')
  })

  it('that have waited in vain are the caller’s, and named', async () => {
    const { start, names } = open({ total: 1, perCaller: 1, waitMs: 20 })
    void start('a')
    await expect(start('b')).rejects.toMatchObject({
      code: 'statement_timeout',
      message: expect.stringContaining('of b'),
    })
    expect(names()).toBe('a')
  })

  it('whose client has left never begin', async () => {
    const { start, names, end, leavers } = open({ total: 1, perCaller: 1 })
    void start('a')
    const left = start('b')
    void start('c')
    leavers[0]?.()
    await expect(left).rejects.toMatchObject({ code: 'statement_timeout' })
    await end('a')
    expect(names()).toBe('c')
    // Leaving again, or when it runs, changes nothing.
    for (const leave of leavers) leave()
    await end('c')
    expect(names()).toBe('')
  })
})

describe('the limits', () => {
  it.each([
    [10, 8, 5],
    [5, 4, 3],
    [3, 2, 1],
    [2, 1, 1],
    [1, 1, 1],
    [100, 80, 50],
  ])('of a pool of %i: %i of all, %i of one', (size, total, perCaller) => {
    expect(searchLimits(size, 1)).toEqual({ total, perCaller, waitMs: 1 })
  })

  it('hold for filtered lists and widgets, not for single rows', () => {
    const ids = ['getResultList', 'getRunList', 'bulkUpdate', 'getWidget', 'adminGetUserList'] as const
    expect(ids.every(isSearch)).toBe(true)
    expect((['getResult', 'addResult', 'login', 'getHealth'] as const).some(isSearch)).toBe(false)
  })
})
