import { runSql } from '../../helpers/database.ts'
import { eventually } from '../../helpers/server.ts'
import { createHttpClient } from './http-client.ts'
import { hashOf, type Ledger, placeOf, type SentImport } from './ledger.ts'
import { rollupLosses } from './rollup-checker.ts'

const SETTLE_MS = 150_000

/**
 * Compares the database with what was acknowledged, once nothing is on its way any more (or `settleMs` have passed). Gives one
 * line for each loss: what is missing, there twice, or other than sent; a summary or a rollup that is no recount; a mark, a
 * file or a job that is left.
 */
export async function findLosses(url: string, ledger: Ledger, settleMs = SETTLE_MS): Promise<string[]> {
  await eventually(
    () => countOpen(url).catch(() => 1),
    (open) => open === 0,
    settleMs,
  )
  return [
    ...ledger.missed,
    ...(await storedLosses(url, ledger)),
    ...(await rollupLosses(url, ledger)),
    ...(await leftovers(url)),
  ]
}

/** The part of it that stays true when later work is under way. */
export async function storedLosses(url: string, ledger: Ledger): Promise<string[]> {
  return [
    ...(await importLosses(url, ledger)),
    ...(await runLosses(url, ledger)),
    ...(await artifactLosses(url, ledger)),
    ...(await accountLosses(url, ledger)),
  ]
}

const list = (ids: Iterable<string>) => `'{${[...ids].join(',')}}'::uuid[]`

/** Imports, marks and jobs that are still to be worked on; jobs of a later time are not. */
export async function countOpen(url: string): Promise<number> {
  const [row] = await runSql<{ open: number }>(
    url,
    `select ((select count(*) from imports where status not in ('done', 'error'))
      + (select count(*) from run_changes) + (select count(*) from rollup_changes)
      + (select count(*) from jobs where state in ('queued', 'running')))::int as open`,
  )
  return row?.open ?? 1
}

async function importLosses(url: string, { imports }: Ledger): Promise<string[]> {
  const rows = await runSql<{ id: string; status: string; error: string | null }>(
    url,
    `select id, status, data #>> '{metadata,error}' as error from imports where id = any (${list(imports.keys())})`,
  )
  const found = new Map(rows.map((row) => [row.id, row]))
  return [...imports.keys()].flatMap((id) => {
    const row = found.get(id)
    if (!row) return [`import ${id} is gone`]
    return row.status === 'done' ? [] : [`import ${id} is ${row.status}: ${row.error}`]
  })
}

interface RunRow {
  readonly id: string
  readonly summary: Readonly<Record<string, number>> | null
  readonly stage: string | null
}

interface ResultRow {
  readonly id: string
  readonly run_id: string
  readonly test_id: string
  readonly result: string
  /** Contents of its artifacts as text, where they are text. */
  readonly files: readonly string[]
}

async function runLosses(url: string, ledger: Ledger): Promise<string[]> {
  const files = [...ledger.imports.values(), ...ledger.unansweredImports]
  const ids = list([...ledger.runs.keys(), ...files.map(({ runId }) => runId)])
  const runs = await runSql<RunRow>(
    url,
    `select id, summary, data->>'stage' as stage from runs where id = any (${ids})`,
  )
  const results = await runSql<ResultRow>(
    url,
    `select id, run_id, test_id, result, array(
        select encode(sha256(content), 'hex') from artifacts where result_id = results.id) as files
      from results where run_id = any (${ids})`,
  )
  const byRun = Map.groupBy(results, ({ run_id }) => run_id)
  const found = new Map(runs.map((run) => [run.id, run]))
  const losses: string[] = []
  for (const [id, sent] of ledger.runs) {
    const run = found.get(id)
    if (!run) {
      losses.push(`run ${id} is gone, with ${sent.results.size} results`)
      continue
    }
    if (run.stage !== sent.stage && run.stage !== sent.unansweredStage)
      losses.push(`run ${id} is ${run.stage}, not ${sent.stage}`)
    const own = byRun.get(id) ?? []
    const expected = new Map([...sent.results.values()].map(({ name, outcome }) => [name, outcome]))
    losses.push(...resultLosses(id, own, expected), ...summaryLosses(run, own))
    const strange = own.filter((row) => !sent.results.has(row.id) && !sent.unanswered.has(row.id)).length
    if (strange > 0) losses.push(`run ${id} has ${strange} results that nobody sent`)
  }
  for (const sent of files) {
    const run = found.get(sent.runId)
    if (run) losses.push(...importedLosses(run, byRun.get(sent.runId) ?? [], sent))
    else if (!ledger.unansweredImports.includes(sent)) losses.push(`run ${sent.runId} of an import is gone`)
  }
  return losses
}

function resultLosses(run: string, own: readonly ResultRow[], expected: ReadonlyMap<string, string>): string[] {
  const byName = Map.groupBy(own, ({ test_id }) => test_id)
  return [...expected].flatMap(([name, outcome]) => {
    const same = byName.get(name) ?? []
    if (same.length !== 1) return [`result ${name} of run ${run} is there ${same.length} times`]
    return same[0]?.result === outcome ? [] : [`result ${name} of run ${run} is ${same[0]?.result}`]
  })
}

function importedLosses(run: RunRow, own: readonly ResultRow[], { cases, artifacts }: SentImport): string[] {
  const losses = [...resultLosses(run.id, own, cases), ...summaryLosses(run, own)]
  const strange = own.filter(({ test_id }) => !cases.has(test_id)).length
  if (strange > 0) losses.push(`run ${run.id} of an import has ${strange} results that its file has not`)
  for (const { test_id, files } of own) {
    const text = artifacts.get(test_id)
    const wanted = text === undefined ? 0 : 1
    if (files.length !== wanted)
      losses.push(`result ${test_id} of run ${run.id} has ${files.length} artifacts, not ${wanted}`)
    else if (typeof text === 'string' && files[0] !== hashOf(text)) {
      losses.push(`the artifact of result ${test_id} of run ${run.id} is not what was sent`)
    }
  }
  return losses
}

/** Counted here, not with the program's own statement. */
function summaryLosses({ id, summary }: RunRow, results: readonly ResultRow[]): string[] {
  const count = (outcome: string) => results.filter(({ result }) => result === outcome).length
  const recount = {
    tests: results.length,
    failures: count('failed'),
    errors: count('error'),
    skips: count('skipped'),
    xfailures: 0,
    xpasses: 0,
  }
  return Object.entries(recount).flatMap(([key, value]) =>
    summary?.[key] === value ? [] : [`summary of run ${id} says ${key} ${summary?.[key]}, a recount ${value}`],
  )
}

async function artifactLosses(url: string, { artifacts, artifactTries }: Ledger): Promise<string[]> {
  const rows = await runSql<{ id: string; owner: string; filename: string; hash: string }>(
    url,
    `select id, coalesce(result_id, run_id) as owner, filename, encode(sha256(content), 'hex') as hash
      from artifacts where id = any (${list(artifacts.keys())})`,
  )
  const found = new Map(rows.map((row) => [row.id, row]))
  const losses = [...artifacts].flatMap(([id, sent]) => {
    const row = found.get(id)
    if (!row) return [`artifact ${id} is gone`]
    const isSame = row.owner === sent.ownerId && row.filename === sent.filename && row.hash === hashOf(sent.bytes)
    return isSame ? [] : [`artifact ${id} is not what was sent`]
  })
  const owners = new Set([...artifactTries.keys()].map((place) => place.split(' ')[0] ?? ''))
  const stored = await runSql<{ owner: string; filename: string; count: number }>(
    url,
    `select coalesce(result_id, run_id) as owner, filename, count(*)::int as count from artifacts
      where result_id = any (${list(owners)}) or run_id = any (${list(owners)}) group by 1, 2`,
  )
  for (const { owner, filename, count } of stored) {
    const tries = artifactTries.get(placeOf({ ownerId: owner, filename })) ?? 0
    if (count > tries) losses.push(`artifact ${filename} of ${owner} is there ${count} times, sent ${tries} times`)
  }
  return losses
}

async function accountLosses(url: string, { projectId, titles, tokens }: Ledger): Promise<string[]> {
  const [project] = await runSql<{ title: string }>(url, `select title from projects where id = '${projectId}'`)
  const rows = await runSql<{ id: string; token: string }>(
    url,
    `select id, token from tokens where id = any (${list(tokens.keys())})`,
  )
  const stored = new Map(rows.map(({ id, token }) => [id, token]))
  const isKnown = project && [titles.acknowledged, ...titles.unanswered].includes(project.title)
  return [
    ...(isKnown ? [] : [`the project's title is ${project?.title}, not ${titles.acknowledged}`]),
    ...[...tokens].flatMap(([id, { token, state }]) => {
      if (state === 'works' && stored.get(id) !== token) return [`token ${id} is gone`]
      return state === 'deleted' && stored.has(id) ? [`token ${id} is there although it was deleted`] : []
    }),
  ]
}

async function leftovers(url: string): Promise<string[]> {
  const rows = await runSql<{ what: string }>(
    url,
    `select 'a mark of run ' || run_id as what from run_changes
    union all
    select 'a mark of the rollups of run ' || run_id from rollup_changes
    union all
    select 'job ' || name || ' ' || id || ' is ' || state || coalesce(': ' || error, '') from jobs where state <> 'done'
    union all
    select distinct 'the file of import ' || import_id || ' is still there'
      from import_chunks c join imports i on i.id = c.import_id`,
  )
  return rows.map(({ what }) => what)
}

/** What the server itself says: every artifact byte for byte, and what every token opens. */
export async function findServedLosses(
  { url, token }: { readonly url: string; readonly token: string },
  { artifacts, tokens }: Ledger,
): Promise<string[]> {
  const client = createHttpClient(url)
  const losses: string[] = []
  try {
    for (const [id, { bytes }] of artifacts) {
      const answer = await client.send('GET', `/api/artifact/${id}/download`, { token })
      if (answer.status !== 200) losses.push(`artifact ${id} is answered with ${answer.status}`)
      else if (!answer.body.equals(bytes)) losses.push(`artifact ${id} is served other than it was sent`)
    }
    for (const [id, sent] of tokens) {
      const { status } = await client.send('GET', '/api/user', { token: sent.token })
      if (sent.state === 'works' && status !== 200) losses.push(`token ${id} is answered with ${status}`)
      if (sent.state === 'deleted' && status !== 401) losses.push(`deleted token ${id} is answered with ${status}`)
    }
  } finally {
    client.close()
  }
  return losses
}
