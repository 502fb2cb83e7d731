import { type ApiClient, findProject } from './api-client.ts'
import { type DemoFile, daysBetween, type Night, planNight } from './night.ts'

/** How many requests are under way at once. */
const concurrency = 16
const dayMs = 24 * 3600 * 1000
// A nightly run begins at two and is over by three, UTC.
const overAfterMs = 3 * 3600 * 1000

export const demoProject = { name: 'demo-shop', title: 'Demo shop' } as const

export interface Filled {
  readonly projectId: string
  readonly firstNight: string
  readonly lastNight: string
  /** What this call sent; runs that were complete before are left alone. */
  readonly sent: { readonly runs: number; readonly results: number; readonly files: number }
  /** Runs that were there before. */
  readonly kept: number
}

interface StoredRun {
  readonly metadata: { readonly demo?: { readonly made_on?: string; readonly complete?: boolean } }
}

/**
 * Fills the demo project with the last nights before `now` (milliseconds). What is there already is not touched, and a
 * night that was interrupted is completed.
 */
export async function fillDemo(api: ApiClient, now: number, nights = 30): Promise<Filled> {
  const found = await findProject(api, demoProject.name)
  const project = found ?? (await api.call<{ id: string }>('POST', '/project', { json: demoProject }))
  const lastNight = dayOf(now - overAfterMs)
  const madeOn = (await findMadeOn(api, project.id)) ?? lastNight
  const dates = Array.from({ length: nights }, (_, age) => dayOf(Date.parse(lastNight) - age * dayMs)).reverse()
  const sent = { runs: 0, results: 0, files: 0 }
  for (const date of dates) {
    const night = planNight({ project: { id: project.id, name: demoProject.name }, date, madeOn })
    const stored = await api.ask<StoredRun>('GET', `/run/${night.run.id}`)
    if (stored.status === 200 && stored.body.metadata.demo?.complete) continue
    sent.files += await sendNight(api, night, stored.status === 200)
    sent.results += night.results.length
    sent.runs++
  }
  const kept = nights - sent.runs
  return { projectId: project.id, firstNight: dates[0] ?? lastNight, lastNight, sent, kept }
}

/** The day of the first filling is noted in every run. */
async function findMadeOn(api: ApiClient, projectId: string): Promise<string | undefined> {
  const query = new URLSearchParams({ pageSize: '1' })
  query.append('filter', `project_id=${projectId}`)
  query.append('filter', 'metadata.demo.made_on@y')
  const { runs } = await api.call<{ runs: StoredRun[] }>('GET', `/run?${query}`)
  const madeOn = runs[0]?.metadata.demo?.made_on
  return madeOn !== undefined && Number.isFinite(daysBetween(madeOn, madeOn)) ? madeOn : undefined
}

/** Sends a night; of one that was interrupted only the files that are missing. @returns the number of files sent */
async function sendNight(api: ApiClient, night: Night, interrupted: boolean): Promise<number> {
  await api.call('POST', '/run', { json: night.run })
  const counts = [await sendFiles(api, { runId: night.run.id }, night.files, interrupted)]
  await forEachAtOnce(night.results, async ({ body, files }) => {
    await api.call('POST', '/result', { json: body })
    counts.push(await sendFiles(api, { resultId: body.id }, files, interrupted))
  })
  // The last word of a night: without it the next filling looks after the night again.
  await api.call('PUT', `/run/${night.run.id}`, { json: { metadata: { demo: { complete: true } } } })
  return counts.reduce((sum, count) => sum + count, 0)
}

async function sendFiles(
  api: ApiClient,
  owner: Readonly<Record<string, string>>,
  files: readonly DemoFile[],
  interrupted: boolean,
): Promise<number> {
  const there = interrupted && files.length > 0 ? await storedNames(api, owner) : new Set<string>()
  const missing = files.filter(({ filename }) => !there.has(filename))
  for (const { filename, content } of missing) {
    const form = new FormData()
    for (const [name, value] of Object.entries(owner)) form.append(name, value)
    form.append('filename', filename)
    form.append('file', new Blob([new Uint8Array(content)]), filename)
    await api.call('POST', '/artifact', { form })
  }
  return missing.length
}

async function storedNames(api: ApiClient, owner: Readonly<Record<string, string>>): Promise<Set<string>> {
  const query = new URLSearchParams({ ...owner, pageSize: '100' })
  const { artifacts } = await api.call<{ artifacts: { filename: string }[] }>('GET', `/artifact?${query}`)
  return new Set(artifacts.map(({ filename }) => filename))
}

async function forEachAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values()
  const lane = async () => {
    for (const item of rest) await work(item)
  }
  // When one fails, the others still end before the failure is told: nothing goes on behind the caller's back.
  const ends = await Promise.allSettled(Array.from({ length: concurrency }, lane))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}
