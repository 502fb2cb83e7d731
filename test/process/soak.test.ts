import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import type { Findings } from '../../scripts/soak/verdict.ts'

const script = join(import.meta.dirname, '../../scripts/soak/main.ts')

/**
 * The short form of `npm run soak` (docs/soak.md), on a machine that does other things too: nothing fails, memory stays within
 * its bound, and nothing holds the event loop up for long. Rates and latencies are not judged.
 */
it('all workloads at once over 200 connections: nothing fails, memory and event loop stay within bounds', {
  timeout: 180_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ibutsu-soak-test-'))
  try {
    const json = join(folder, 'soak.json')
    const args = [
      ...['--seconds', '12', '--calibrate', '4', '--load', '0.5', '--connections', '200', '--at-once', '16'],
      ...['--runs', '200', '--results', '10000', '--db', inject('databaseServer').url],
      ...['--max-memory', '200', '--max-lag', '200', '--max-own-lag', '50', '--json', json],
    ]
    const { code, output } = await runSoak(args)
    expect(code, output).toBe(0)
    const { load, processes, lags, pool } = JSON.parse(await readFile(json, 'utf8')) as Findings
    const { 'post-result': posts, 'get-result': reads, cancelled, errors } = load.outcomes
    for (const outcome of [posts, reads, cancelled, errors]) expect(outcome?.count).toBeGreaterThan(0)
    expect(Object.keys(load.outcomes).length).toBeGreaterThan(20)
    expect(Object.keys(processes)).toEqual(['supervisor', 'web', 'worker'])
    expect(processes.web?.files.mean).toBeGreaterThan(200)
    expect(processes.web?.['Pss MB'].mean).toBeGreaterThan(30)
    expect(lags.web?.all.p99).toBeGreaterThan(0)
    expect(pool.open.mean).toBeGreaterThan(0)
  } finally {
    await rm(folder, { recursive: true })
  }
})

function runSoak(args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { timeout: 170_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 255) : 0, output: stdout + stderr }),
    )
  })
}
