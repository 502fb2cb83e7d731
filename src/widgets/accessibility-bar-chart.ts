import sql, { raw } from 'sql-template-tag'
import { parse } from 'yaml'
import type { components } from '../../generated/types.ts'
import type { ProjectScope } from '../access/caller.ts'
import type { Queryable } from '../db/queryable.ts'
import { compileScope } from '../filters/scope.ts'
import { parseUuid } from '../ids/uuid.ts'
import { isRecord } from '../json/json-record.ts'
import { withFilterErrors } from '../pages/list-rows.ts'
import type { WidgetParams } from './params.ts'
import { round2 } from './rounding.ts'
import type { Widget } from './widget.ts'

const REPORT = 'axe_run_data.yaml'

/** How many accessibility checks passed, by the newest report of some runs (widgets.md 4). */
export const accessibilityBarChart: Widget<components['schemas']['WidgetAccessibilityBarChart']> = {
  mandatory: ['run_list'],
  async answer(ctx, { params, scope }) {
    const runs = params.list('run_list').map((id) => readRun(params, id))
    const counts = await findNewestCounts(ctx.db, scope, runs, params)
    return counts && toBars(counts.passes, counts.violations)
  },
}

function readRun(params: WidgetParams, text: string): string {
  const id = parseUuid(text)
  if (id === null) throw params.refuse(`run_list must hold UUIDs: ${text}`)
  return id
}

function toBars(passes: number, violations: number) {
  const total = passes + violations
  const bar = (x: string, y: number) => ({
    x,
    y: total === 0 ? 0 : y,
    ratio: total === 0 ? 0 : round2((100 * y) / total),
  })
  return [bar('passes', passes), bar('violations', violations), { total }]
}

/** Reads reports newest first, one at a time since each may be large, until one has counts. */
async function findNewestCounts(db: Queryable, scope: ProjectScope, runs: string[], params: WidgetParams) {
  for (const id of await findReports(db, scope, runs)) {
    const report = parseReport((await readContent(db, id)) ?? Buffer.alloc(0))
    if (!isRecord(report)) throw params.refuse(`the artifact ${id} is no mapping in YAML`)
    if (!Object.hasOwn(report, 'passes')) continue
    return { passes: count(report.passes, id, params), violations: count(report.violations ?? 0, id, params) }
  }
  return null
}

/** The parsed report; null when it is no YAML. */
function parseReport(content: Buffer): unknown {
  try {
    return parse(content.toString(), { version: '1.1', logLevel: 'error' })
  } catch {
    return null
  }
}

function count(value: unknown, artifact: string, params: WidgetParams): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw params.refuse(`the artifact ${artifact} counts something else than numbers`)
}

async function findReports(db: Queryable, scope: ProjectScope, runs: string[]): Promise<string[]> {
  const { rows } = await withFilterErrors([], () =>
    db.query<{ id: string }>(sql`
      select artifacts.id from artifacts join runs on runs.id = artifacts.run_id
      where artifacts.run_id = any(${runs}::uuid[]) and artifacts.filename = ${REPORT}
        and ${compileScope(raw('runs.project_id'), scope)}
      order by artifacts.upload_date desc, artifacts.id desc`),
  )
  return rows.map(({ id }) => id)
}

async function readContent(db: Queryable, artifact: string): Promise<Buffer | null> {
  const { rows } = await db.query<{ content: Buffer | null }>(
    sql`select content from artifacts where id = ${artifact}::uuid`,
  )
  return rows[0]?.content ?? null
}
