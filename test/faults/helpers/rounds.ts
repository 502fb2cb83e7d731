import { eventually } from '../../helpers/server.ts'
import { createRandom, type Random } from '../../process/helpers/seeded-random.ts'
import { fetchStatus, logIn } from '../../process/helpers/supervisor.ts'
import { findLosses, findServedLosses } from './checker.ts'
import { expectedAcknowledgements, sendWork, type Target, usualSize, type WorkSize } from './clients.ts'
import { countAcknowledged, countAnswers, describeCounts, type Ledger } from './ledger.ts'

/** A server without a fault must be healthy again within this time, without help. */
export const HEALTHY_MS = 30_000

/** Which kind a round plays: any row of as many rounds as there are kinds has each of them once. */
export function kindOf<K extends string>(kinds: readonly K[], seed: number, round: number): K {
  const deck = Math.floor((round - 1) / kinds.length)
  return createRandom(seed * 1_000_003 + deck).shuffle(kinds)[(round - 1) % kinds.length] as K
}

/** All choices of a round follow from its number, so that it can be repeated alone. */
export const randomOf = (seed: number, round: number): Random => createRandom(seed * 100_000 + round)

export interface Strike {
  readonly expected: number
  acknowledged(count: number): Promise<unknown>
  isSending(): boolean
}

export interface PlayedRound {
  readonly ledger: Ledger
  readonly losses: readonly string[]
  readonly healthyMs: number
}

export interface RoundOptions {
  makeTarget(onAcknowledged: () => void): Promise<Target>
  /** The database, past all faults. */
  readonly databaseUrl: string
  readonly random: Random
  readonly size?: WorkSize
  fault(strike: Strike, random: Random): Promise<unknown>
}

/** Sends work while a fault strikes, waits for health, and compares. */
export async function playRound(options: RoundOptions): Promise<PlayedRound> {
  const { random, size = usualSize } = options
  let count = 0
  let sending = true
  let waiting: { readonly count: number; readonly resolve: () => void }[] = []
  const wake = () => {
    for (const entry of waiting) if (entry.count <= count || !sending) entry.resolve()
    waiting = waiting.filter((entry) => entry.count > count && sending)
  }
  const target = await options.makeTarget(() => {
    count++
    wake()
  })
  const strike: Strike = {
    expected: expectedAcknowledgements(size),
    isSending: () => sending,
    acknowledged: (wanted) =>
      new Promise<void>((resolve) => {
        if (wanted <= count || !sending) resolve()
        else waiting.push({ count: wanted, resolve })
      }),
  }
  // Generators of their own, since work and fault draw from them in an order that no seed knows.
  const striking = options.fault(strike, random.fork())
  const working = sendWork(target, random.fork(), size).finally(() => {
    sending = false
    wake()
  })
  const [ledger] = await Promise.all([working, striking])
  const healthyMs = await untilHealthy(target.url)
  const losses = [
    ...(healthyMs > HEALTHY_MS ? [`the server was not healthy ${HEALTHY_MS / 1000} s after the fault`] : []),
    ...(await findLosses(options.databaseUrl, ledger)),
    ...(await findServedLosses(target, ledger)),
  ]
  return { ledger, losses, healthyMs }
}

/** How long it takes until the server says that it is ready and a login works. */
export async function untilHealthy(url: string): Promise<number> {
  const began = performance.now()
  const isHealthy = async () =>
    (await fetchStatus(`${url}/api/health/ready`)) === 200 && (await logIn(url).then(Boolean, () => false))
  await eventually(isHealthy, (healthy) => healthy, HEALTHY_MS)
  return performance.now() - began
}

/** Every kind of broken request and of 5xx. */
export const describeHarm = (ledgers: readonly Ledger[]) => {
  const harm = new Map<string, number>()
  for (const { answers } of ledgers) {
    for (const [name, count] of answers) if (!/ [1234]\d\d$/.test(name)) harm.set(name, (harm.get(name) ?? 0) + count)
  }
  return harm.size === 0 ? 'none' : [...harm].map(([name, count]) => `${count} × ${name}`).join(', ')
}

export const describeLedgers = (ledgers: readonly Ledger[]) =>
  `${describeCounts(countAcknowledged(ledgers))}, ${countAnswers(ledgers, /^GET .* 200$/)} reads`

/** Answers of 5xx, and requests that were not answered. */
export const count5xx = (ledgers: readonly Ledger[]) => countAnswers(ledgers, / 5\d\d$/)
export const countUnanswered = (ledgers: readonly Ledger[]) => countAnswers(ledgers, / \D\S*$/)

export const say = (line: string) => void process.stdout.write(`${line}\n`)
