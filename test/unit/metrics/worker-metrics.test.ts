import type { Cluster } from 'node:cluster'
import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { type MetricState, metricState } from '../../../src/metrics/metric-table.ts'
import { collectWorkerMetrics } from '../../../src/metrics/worker-metrics.ts'

const requests = (value: number, pid: number): MetricState[] => [
  metricState('ibutsu_http_requests_total', [{ value, labels: { operation: 'getRun', method: 'GET', status: '200' } }]),
  metricState('ibutsu_event_loop_utilization_ratio', [{ value: 0.5, labels: { role: 'web', pid } }]),
]

/** A cluster whose workers answer with what `answers` holds; an undefined one hangs. */
function fakeCluster(answers: Record<string, MetricState[] | undefined>) {
  const cluster = Object.assign(new EventEmitter(), { workers: {} as Record<string, unknown> })
  for (const id of Object.keys(answers)) {
    const worker = {
      id: Number(id),
      isConnected: () => true,
      send: (question: { id: number }) => {
        const metrics = answers[id]
        if (metrics) cluster.emit('message', worker, { type: 'metrics-answer', id: question.id, metrics })
      },
    }
    cluster.workers[id] = worker
  }
  const begin = () => {
    for (const [id, metrics] of Object.entries(answers)) {
      cluster.emit('message', cluster.workers[id], { type: 'metrics-answer', metrics: metrics ?? [] })
    }
  }
  const end = (id: string) => {
    const worker = cluster.workers[id]
    delete cluster.workers[id]
    cluster.emit('disconnect', worker)
  }
  return { cluster: cluster as unknown as Cluster, begin, end }
}

function sumOf(states: MetricState[][], name: string): number {
  const values = states.flat().filter((state) => state.name === name)
  return values.flatMap((state) => state.values).reduce((sum, { value }) => sum + value, 0)
}

/** A collector that has heard of every worker. */
function collectorOf(answers: Record<string, MetricState[] | undefined>) {
  const { cluster, begin, end } = fakeCluster(answers)
  const workers = collectWorkerMetrics(cluster)
  begin()
  return { workers, cluster, end }
}

describe('collectWorkerMetrics', () => {
  it('gives the values of every worker', async () => {
    const { workers } = collectorOf({ 1: requests(3, 11), 2: requests(4, 12) })
    const { states, silent } = await workers.collect(1_000)
    expect(silent).toBe(0)
    expect(sumOf(states, 'ibutsu_http_requests_total')).toBe(7)
  })

  it('does not wait longer for a worker that hangs, counts it and keeps its last totals', async () => {
    const answers: Record<string, MetricState[] | undefined> = { 1: requests(3, 11), 2: requests(4, 12) }
    const { workers } = collectorOf(answers)
    await workers.collect(1_000)
    answers[1] = undefined
    answers[2] = requests(6, 12)
    const { states, silent } = await workers.collect(20)
    expect(silent).toBe(1)
    expect(sumOf(states, 'ibutsu_http_requests_total')).toBe(9)
    expect(sumOf(states, 'ibutsu_event_loop_utilization_ratio')).toBe(0.5)
  })

  it('does not ask a process that has never sent values', async () => {
    const { cluster } = fakeCluster({ 1: undefined })
    const { silent } = await collectWorkerMetrics(cluster).collect(60_000)
    expect(silent).toBe(0)
  })

  it('keeps the totals of workers that ended, and drops their gauges', async () => {
    const { workers, end } = collectorOf({ 1: requests(3, 11), 2: requests(4, 12), 3: requests(5, 13) })
    await workers.collect(1_000)
    end('1')
    end('3')
    const { states } = await workers.collect(1_000)
    expect(sumOf(states, 'ibutsu_http_requests_total')).toBe(12)
    expect(sumOf(states, 'ibutsu_event_loop_utilization_ratio')).toBe(0.5)
  })

  it('keeps the final values that a worker sends unasked', async () => {
    const { workers, cluster, end } = collectorOf({ 1: requests(3, 11) })
    cluster.emit('message', cluster.workers?.[1], { type: 'metrics-answer', final: true, metrics: requests(10, 11) })
    // It may live on; it is neither asked nor missed.
    const { states, silent } = await workers.collect(60_000)
    end('1')
    expect(silent).toBe(0)
    expect(sumOf(states, 'ibutsu_http_requests_total')).toBe(10)
  })
})
