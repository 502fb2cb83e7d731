import { runSql } from '../../helpers/database.ts'
import { eventually } from '../../helpers/server.ts'
import type { Ledger } from './fault-work.ts'

const SETTLE_MS = 60_000

/**
 * Compares the database with what was acknowledged, once nothing is on its way any more (or `settleMs` have passed). Gives one
 * line for each loss: an import that is gone or not done, a result that is missing, there twice, or other than sent, a run
 * whose summary is no recount, a mark, a file or a job that is left.
 */
export async function findLosses(url: string, ledger: Ledger, settleMs = SETTLE_MS): Promise<string[]> {
  await eventually(
    () => countOpen(url, ledger.imports.keys()).catch(() => 1),
    (open) => open === 0,
    settleMs,
  )
  return [...(await importLosses(url, ledger)), ...(await runLosses(url, ledger)), ...(await leftovers(url))]
}

const list = (ids: Iterable<string>) => `'{${[...ids].join(',')}}'::uuid[]`

/** Imports, marks and jobs that are still to be worked on. */
export async function countOpen(url: string, imports: Iterable<string>): Promise<number> {
  const [row] = await runSql<{ open: number }>(
    url,
    `select ((select count(*) from imports where id = any (${list(imports)}) and status not in ('done', 'error'))
      + (select count(*) from run_changes)
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
  readonly artifacts: number
}

async function runLosses(url: string, ledger: Ledger): Promise<string[]> {
  const ids = list(ledger.runs.keys())
  const runs = await runSql<RunRow>(
    url,
    `select id, summary, (select count(*)::int from artifacts where result_id in
        (select id from results where run_id = runs.id)) as artifacts
      from runs where id = any (${ids})`,
  )
  const results = await runSql<{ run_id: string; test_id: string; result: string }>(
    url,
    `select run_id, test_id, result from results where run_id = any (${ids})`,
  )
  const losses: string[] = []
  for (const [id, expected] of ledger.runs) {
    const run = runs.find((row) => row.id === id)
    if (!run) {
      losses.push(`run ${id} is gone, with ${expected.size} results`)
      continue
    }
    const own = results.filter(({ run_id }) => run_id === id)
    for (const [name, outcome] of expected) {
      const same = own.filter(({ test_id }) => test_id === name)
      if (same.length !== 1) losses.push(`result ${name} of run ${id} is there ${same.length} times`)
      else if (same[0]?.result !== outcome) losses.push(`result ${name} of run ${id} is ${same[0]?.result}`)
    }
    const strange = own.filter(({ test_id }) => !expected.has(test_id)).length
    if (strange > 0) losses.push(`run ${id} has ${strange} results that nobody acknowledged`)
    losses.push(...summaryLosses(run, own))
    const artifacts = ledger.artifacts.get(id) ?? 0
    if (run.artifacts !== artifacts) losses.push(`run ${id} has ${run.artifacts} artifacts, not ${artifacts}`)
  }
  return losses
}

/** Counted here, not with the program's own statement. */
function summaryLosses({ id, summary }: RunRow, results: readonly { readonly result: string }[]): string[] {
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

async function leftovers(url: string): Promise<string[]> {
  const rows = await runSql<{ what: string }>(
    url,
    `select 'a mark of run ' || run_id as what from run_changes
    union all
    select 'job ' || name || ' ' || id || ' is ' || state || coalesce(': ' || error, '') from jobs where state <> 'done'
    union all
    select distinct 'the file of import ' || import_id || ' is still there'
      from import_chunks c join imports i on i.id = c.import_id`,
  )
  return rows.map(({ what }) => what)
}
