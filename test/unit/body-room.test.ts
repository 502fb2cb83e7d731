import { describe, expect, it } from 'vitest'
import { bodyLimits, createBodyRoom } from '../../src/http/body-room.ts'

/** What came of a body: waits, is in (then with what gives its room back), or left. */
interface Seen {
  state: 'waits' | 'in' | 'left'
  free: () => void
  isWanted: () => boolean
  leave: () => void
}

const settle = () => new Promise(setImmediate)

async function come(take: ReturnType<typeof createBodyRoom>, caller: string, bytes: number): Promise<Seen> {
  const seen: Seen = { state: 'waits', free: () => undefined, isWanted: () => false, leave: () => undefined }
  const onGone = (leave: () => void) => {
    seen.leave = leave
  }
  take({ caller, bytes, onGone }).then((room) => {
    seen.state = room ? 'in' : 'left'
    if (room) Object.assign(seen, { free: room.giveBack, isWanted: room.isWanted })
  })
  await settle()
  return seen
}

describe('createBodyRoom', () => {
  it('lets bodies in while there is room, and the next one when one has gone', async () => {
    const take = createBodyRoom({ total: 10, perCaller: 10 })
    const first = await come(take, 'a', 6)
    const second = await come(take, 'b', 6)
    expect([first.state, second.state, first.isWanted()]).toEqual(['in', 'waits', true])
    first.free()
    await settle()
    expect([second.state, second.isWanted()]).toEqual(['in', false])
  })

  it('keeps the order, so that a large one gets its turn', async () => {
    const take = createBodyRoom({ total: 10, perCaller: 10 })
    const first = await come(take, 'a', 6)
    const large = await come(take, 'b', 10)
    const small = await come(take, 'c', 1)
    expect([large.state, small.state]).toEqual(['waits', 'waits'])
    first.free()
    await settle()
    expect([large.state, small.state]).toEqual(['in', 'waits'])
  })

  it('lets one caller take no more than its share, and others pass', async () => {
    const take = createBodyRoom({ total: 10, perCaller: 4 })
    const first = await come(take, 'a', 4)
    const second = await come(take, 'a', 1)
    const other = await come(take, 'b', 4)
    expect([first.state, second.state, other.state]).toEqual(['in', 'waits', 'in'])
    first.free()
    await settle()
    expect(second.state).toBe('in')
  })

  it('lets nobody wait behind a caller whose own share is full', async () => {
    const take = createBodyRoom({ total: 10, perCaller: 4 })
    await come(take, 'a', 4)
    await come(take, 'b', 4)
    const own = await come(take, 'a', 4)
    const other = await come(take, 'c', 1)
    expect([own.state, other.state]).toEqual(['waits', 'in'])
  })

  it('is wanted only by those whom it keeps waiting', async () => {
    const take = createBodyRoom({ total: 10, perCaller: 4 })
    const first = await come(take, 'a', 4)
    const second = await come(take, 'b', 4)
    await come(take, 'a', 4)
    expect([first.isWanted(), second.isWanted()]).toEqual([true, false])
    await come(take, 'c', 4)
    expect([first.isWanted(), second.isWanted()]).toEqual([true, true])
  })

  it('forgets who leaves while it waits', async () => {
    const take = createBodyRoom({ total: 10, perCaller: 10 })
    const first = await come(take, 'a', 10)
    const gone = await come(take, 'b', 10)
    const next = await come(take, 'c', 10)
    gone.leave()
    await settle()
    expect(gone.state).toBe('left')
    first.free()
    await settle()
    expect(next.state).toBe('in')
  })

  it('lets a body in that is larger than all there is, alone', async () => {
    const take = createBodyRoom(bodyLimits(8))
    const large = await come(take, 'a', 100)
    const second = await come(take, 'a', 1)
    expect([large.state, second.state]).toEqual(['in', 'waits'])
    large.free()
    await settle()
    expect(second.state).toBe('in')
  })
})
