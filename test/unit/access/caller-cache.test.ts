import { describe, expect, it, vi } from 'vitest'
import type { Caller } from '../../../src/access/caller.ts'
import { CallerCache } from '../../../src/access/caller-cache.ts'

const caller = (id: string): Caller => ({
  id,
  email: id,
  name: null,
  isSuperadmin: false,
  projects: new Map(),
  defaultProjectId: null,
})

function onCache() {
  const cache = new CallerCache()
  cache.switchOn()
  return cache
}

describe('the caller cache', () => {
  it('looks a token up once, for 5 s', async () => {
    const cache = onCache()
    const lookUp = vi.fn(async () => caller('a'))
    await Promise.all([cache.find('t', 0, lookUp), cache.find('t', 1, lookUp), cache.find('t', 4_999, lookUp)])
    expect(lookUp).toHaveBeenCalledTimes(1)
    await cache.find('t', 5_001, lookUp)
    expect(lookUp).toHaveBeenCalledTimes(2)
  })

  it('looks up every time while nobody tells it of changes', async () => {
    const cache = onCache()
    const lookUp = vi.fn(async () => caller('a'))
    await cache.find('t', 0, lookUp)
    cache.switchOff()
    await cache.find('t', 0, lookUp)
    await cache.find('t', 0, lookUp)
    expect(lookUp).toHaveBeenCalledTimes(3)
  })

  it('does not keep a look-up that began before a change', async () => {
    const cache = onCache()
    let finish: (value: Caller) => void = () => undefined
    const slow = cache.find(
      't',
      0,
      () =>
        new Promise((resolve) => {
          finish = resolve
        }),
    )
    cache.clear()
    finish(caller('old'))
    expect((await slow).id).toBe('old')
    expect((await cache.find('t', 0, async () => caller('new'))).id).toBe('new')
  })

  it('does not keep failures', async () => {
    const cache = onCache()
    await expect(cache.find('t', 0, async () => Promise.reject(new Error('away')))).rejects.toThrow('away')
    expect((await cache.find('t', 0, async () => caller('a'))).id).toBe('a')
  })

  it('is bounded', async () => {
    const cache = onCache()
    const lookUp = vi.fn(async () => caller('a'))
    for (let n = 0; n <= 10_000; n++) await cache.find(`t${n}`, 0, lookUp)
    await cache.find('t0', 0, lookUp)
    expect(lookUp).toHaveBeenCalledTimes(10_002)
  })
})
