import { describe, expect, it } from 'vitest'
import { reconcile, stackPatienceMs, type Wanted, type WorkerView } from '../../../src/supervisor/reconcile.ts'

const now = 100_000
const want = (changes: Partial<Wanted> & { web?: number; job?: number } = {}): Wanted => ({
  counts: { web: changes.web ?? 1, job: changes.job ?? 0 },
  generation: 1,
  stopping: false,
  bootAt: 0,
  workerTimeoutMs: 30_000,
  ...changes,
})
let lastId = 0
const worker = (state: WorkerView['state'], changes: Partial<WorkerView> = {}): WorkerView => ({
  id: ++lastId,
  role: 'web',
  state,
  generation: 1,
  beatAt: now,
  ...changes,
})
const boot = { do: 'boot', role: 'web' }
const drain = ({ id }: WorkerView) => ({ do: 'drain', id })

describe('as many workers as are wanted', () => {
  it('boots what is missing, of each role, at once', () => {
    expect(reconcile([], want({ web: 2, job: 1 }), now)).toEqual([boot, boot, { do: 'boot', role: 'job' }])
    expect(reconcile([worker('booting'), worker('ready')], want({ web: 2 }), now)).toEqual([])
  })
  it('boots nothing before the pause after a crash is over', () => {
    expect(reconcile([], want({ bootAt: now + 1 }), now)).toEqual([])
    expect(reconcile([], want({ bootAt: now }), now)).toEqual([boot])
  })
  it('does not count those that end', () => {
    expect(reconcile([worker('draining'), worker('late', { lateAt: now })], want(), now)).toEqual([boot])
  })
  it('drains the oldest of too many', () => {
    const [first, second] = [worker('ready'), worker('ready')] as const
    expect(reconcile([second, first], want({ web: 1 }), now)).toEqual([drain(first)])
  })
})

describe('a reload', () => {
  const old = () => worker('ready', { generation: 1 })
  it('boots one new worker at a time, and drains an old one only when a new one is ready', () => {
    const [a, b] = [old(), old()] as const
    const wanted = want({ web: 2, generation: 2 })
    expect(reconcile([a, b], wanted, now)).toEqual([boot])
    expect(reconcile([a, b, worker('booting', { generation: 2 })], wanted, now)).toEqual([])
    const fresh = worker('ready', { generation: 2 })
    expect(reconcile([a, b, fresh], wanted, now)).toEqual([drain(a), boot])
  })
  it('gives up what still boots with the old settings', () => {
    const outdated = worker('booting', { generation: 1 })
    expect(reconcile([outdated], want({ generation: 2 }), now)).toEqual([drain(outdated), boot])
  })
  it('replaces a worker over its limit in the same way', () => {
    const leaking = worker('ready', { retire: 'memory' })
    expect(reconcile([leaking], want(), now)).toEqual([boot])
    expect(reconcile([leaking, worker('ready')], want(), now)).toEqual([drain(leaking)])
  })
})

describe('a hung worker', () => {
  it('is asked for its stack after the timeout, which 0 switches off', () => {
    const hung = worker('ready', { beatAt: now - 30_001 })
    expect(reconcile([hung], want(), now)).toEqual([{ do: 'ask-stack', id: hung.id }])
    expect(reconcile([hung], want({ workerTimeoutMs: 0 }), now)).toEqual([])
    expect(reconcile([worker('ready', { beatAt: now - 30_000 })], want(), now)).toEqual([])
    expect(reconcile([worker('booting', { beatAt: Number.POSITIVE_INFINITY })], want(), now)).toEqual([])
  })
  it('is killed when its stack is in the log, or after a moment', () => {
    const kill = ({ id }: WorkerView) => ({ do: 'kill', id, reason: 'hung' })
    const asked = worker('late', { lateAt: now - stackPatienceMs + 1 })
    expect(reconcile([asked], want({ web: 0 }), now)).toEqual([])
    const told = { ...asked, stackLogged: true }
    expect(reconcile([told], want({ web: 0 }), now)).toEqual([kill(told)])
    const silent = { ...asked, lateAt: now - stackPatienceMs }
    expect(reconcile([silent], want({ web: 0 }), now)).toEqual([kill(silent)])
  })
})

describe('a stop', () => {
  it('drains all and boots nothing', () => {
    const workers = [worker('booting'), worker('ready'), worker('ready', { role: 'job' }), worker('draining')]
    expect(reconcile(workers, want({ web: 4, stopping: true }), now)).toEqual(workers.slice(0, 3).map(drain))
  })
  it('kills what does not end in time', () => {
    const stuck = worker('draining', { killAt: now })
    expect(reconcile([stuck], want({ stopping: true }), now)).toEqual([
      { do: 'kill', id: stuck.id, reason: 'drain-timeout' },
    ])
    expect(reconcile([worker('draining', { killAt: now + 1 })], want({ stopping: true }), now)).toEqual([])
  })
})
