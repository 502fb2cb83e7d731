import type { Cluster, Worker } from 'node:cluster'
import { addTotals } from './merge-metrics.ts'
import type { MetricState } from './metric-table.ts'

/** Supervisor → worker: send your values. */
interface MetricsQuestion {
  readonly type: 'metrics-question'
  readonly id: number
}

/**
 * Worker → supervisor: my values. Without `id` nobody asked: it has begun to measure, or these are its `final` ones and
 * it answers no more.
 */
interface MetricsAnswer {
  readonly type: 'metrics-answer'
  readonly id?: number
  readonly final?: boolean
  readonly metrics: readonly MetricState[]
}

/** What the workers of a supervisor measured. */
export interface WorkerMetrics {
  /**
   * Asks every worker that measures. One that does not answer within `timeoutMs` is counted as silent, and its counters
   * as they last were, so that no sum goes down.
   */
  collect(timeoutMs: number): Promise<{ states: MetricState[][]; silent: number }>
  close(): void
}

/**
 * Collects the metrics of a cluster's workers. prom-client's own collection fails as a whole when one worker hangs, and
 * its sums go down when a worker ends, which Prometheus would read as a restart of everything. Here the totals of ended
 * workers are kept.
 */
export function collectWorkerMetrics(cluster: Cluster): WorkerMetrics {
  const last = new Map<number, readonly MetricState[]>()
  const waiting = new Map<string, () => void>()
  let ended: Promise<MetricState[]> = Promise.resolve([])
  let lastQuestion = 0

  const keyOf = (worker: Worker, id: number) => `${worker.id} ${id}`

  const onMessage = (worker: Worker, message: unknown) => {
    if (!isAnswer(message)) return
    last.set(worker.id, message.metrics)
    if (message.final) end(worker)
    if (message.id !== undefined) waiting.get(keyOf(worker, message.id))?.()
  }
  // Messages may still come after 'exit'; 'disconnect' is the end of the channel and comes for every worker.
  const end = (worker: Worker) => {
    const metrics = last.get(worker.id)
    last.delete(worker.id)
    if (metrics) ended = ended.then((totals) => addTotals(totals, metrics))
  }
  cluster.on('message', onMessage)
  cluster.on('disconnect', end)

  async function ask(worker: Worker, id: number, timeoutMs: number): Promise<boolean> {
    const key = keyOf(worker, id)
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const timer = setTimeout(resolve, timeoutMs, false)
    waiting.set(key, () => resolve(true))
    const question: MetricsQuestion = { type: 'metrics-question', id }
    worker.send(question, (error: Error | null) => error && resolve(false))
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      waiting.delete(key)
    }
  }

  /** The totals when no worker has ended while they were added up. */
  async function settledTotals(): Promise<MetricState[]> {
    for (;;) {
      const awaited = ended
      const totals = await awaited
      if (awaited === ended) return totals
    }
  }

  return {
    async collect(timeoutMs) {
      const id = ++lastQuestion
      // Who has not spoken yet is still booting, or a helper that measures nothing.
      const workers = Object.values(cluster.workers ?? {}).filter(
        (worker): worker is Worker => worker !== undefined && last.has(worker.id) && worker.isConnected(),
      )
      const answered = await Promise.all(workers.map((worker) => ask(worker, id, timeoutMs)))
      const totals = await settledTotals()
      // A worker that ended meanwhile is in the totals, one that hangs in `last`: nothing twice, nothing lost.
      const silentIds = new Set(workers.filter((_, i) => !answered[i]).map((worker) => worker.id))
      const states = [...last].map(([workerId, metrics]) =>
        metrics.filter((metric) => metric.type !== 'gauge' || !silentIds.has(workerId)),
      )
      return { states: [totals, ...states], silent: silentIds.size }
    },
    close() {
      cluster.off('message', onMessage)
      cluster.off('disconnect', end)
    },
  }
}

/**
 * The worker's side: says that it measures, and answers the supervisor's questions. The returned function sends the
 * values unasked; call it last thing before a worker ends, so that what it counted since the last scrape is not lost.
 */
export function answerMetricsQuestions(read: () => MetricState[]): () => Promise<void> {
  const send = (answer: MetricsAnswer) =>
    new Promise<void>((resolve) => {
      if (!process.send || !process.connected) resolve()
      else process.send(answer, undefined, undefined, () => resolve())
    })
  const onMessage = (message: unknown) => {
    if (isQuestion(message)) void send({ type: 'metrics-answer', id: message.id, metrics: read() })
  }
  process.on('message', onMessage)
  void send({ type: 'metrics-answer', metrics: read() })
  return () => {
    process.off('message', onMessage)
    return send({ type: 'metrics-answer', final: true, metrics: read() })
  }
}

const isQuestion = (message: unknown): message is MetricsQuestion => typeOf(message) === 'metrics-question'
const isAnswer = (message: unknown): message is MetricsAnswer => typeOf(message) === 'metrics-answer'

function typeOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'type' in message ? message.type : undefined
}
