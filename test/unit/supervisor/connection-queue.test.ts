import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { Child } from '../../../src/supervisor/child.ts'
import { createConnectionQueue } from '../../../src/supervisor/connection-queue.ts'

interface FakeSocket {
  readonly _handle: string
  destroyed: boolean
  on(): void
  destroy(): void
}

const connect = (name: string): FakeSocket => ({
  _handle: name,
  destroyed: false,
  on() {},
  destroy() {
    this.destroyed = true
  },
})

function makeWorker() {
  const got: unknown[] = []
  const child: Child = {
    pid: 1,
    send() {},
    sendConnection: (handle) => void got.push(handle),
    askStack() {},
    kill() {},
  }
  return { child, got }
}

const push = (queue: ReturnType<typeof createConnectionQueue>, ...sockets: FakeSocket[]) => {
  for (const socket of sockets) queue.push(socket as unknown as Socket)
}

describe('connections', () => {
  it('wait for a worker, then go round, one at a time', () => {
    const queue = createConnectionQueue()
    const [a, b] = [makeWorker(), makeWorker()]
    const sockets = ['1', '2', '3', '4'].map(connect)
    push(queue, ...sockets)
    queue.add(a.child)
    queue.add(b.child)
    expect([a.got, b.got]).toEqual([['1'], ['2']])
    queue.taken(b.child)
    queue.taken(a.child)
    expect([a.got, b.got]).toEqual([
      ['1', '4'],
      ['2', '3'],
    ])
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true, true, false, false])
  })

  it('that a dying worker had not taken go to another one', () => {
    const queue = createConnectionQueue()
    const [a, b] = [makeWorker(), makeWorker()]
    const socket = connect('1')
    queue.add(a.child)
    push(queue, socket)
    queue.lost(a.child)
    expect(socket.destroyed).toBe(false)
    queue.add(b.child)
    expect(b.got).toEqual(['1'])
  })

  it('never go to a worker that retires', () => {
    const queue = createConnectionQueue()
    const [a, b] = [makeWorker(), makeWorker()]
    queue.add(a.child)
    push(queue, connect('1'))
    queue.retire(a.child)
    queue.taken(a.child)
    push(queue, connect('2'))
    expect(a.got).toEqual(['1'])
    queue.add(b.child)
    expect(b.got).toEqual(['2'])
  })

  it('that wait are all given away before the last workers retire, or closed', () => {
    const queue = createConnectionQueue()
    const worker = makeWorker()
    queue.add(worker.child)
    push(queue, connect('1'), connect('2'), connect('3'))
    queue.flush()
    expect(worker.got).toEqual(['1', '2', '3'])
    const late = connect('4')
    queue.lost(makeWorker().child)
    const empty = createConnectionQueue()
    push(empty, late)
    empty.flush()
    expect(late.destroyed).toBe(true)
  })
})
