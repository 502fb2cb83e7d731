import sql, { type Sql } from 'sql-template-tag'
import type { components } from '../../generated/types.ts'
import type { ProjectScope } from '../access/caller.ts'
import type { Queryable } from '../db/queryable.ts'
import { type FieldExpression, groupExpression } from '../filters/field-expression.ts'
import type { Filter } from '../filters/grammar.ts'
import { textAt } from '../filters/json-condition.ts'
import { tables } from '../filters/tables.ts'
import { parseUuid } from '../ids/uuid.ts'
import { withFilterErrors } from '../pages/list-rows.ts'
import { type GroupValue, groupKey } from './groups.ts'
import { integerOr, type WidgetParams } from './params.ts'
import { round2 } from './rounding.ts'
import { compileSelection, equals, JOB_NAME, jenkinsText } from './selection.ts'
import type { Widget } from './widget.ts'

type Answer = components['schemas']['WidgetImportanceComponent']
type BuildCells = Answer['table_data'][number]['data'][string]

const DEFAULT_BUILDS = 5
const importances = ['critical', 'high', 'medium', 'low']
const buildText = jenkinsText(tables.results, 'build_number')

/** The passed share of a job's builds by component and importance of the tests (widgets.md 4). */
export const importanceComponent: Widget<Answer> = {
  mandatory: [],
  async answer(ctx, { params, scope }) {
    const most = integerOr(params, 'builds', DEFAULT_BUILDS, 0)
    const group = groupExpression(tables.results, params.text('group_field') ?? 'component')
    checkProject(params)
    if (!group || !params.has('project')) return { table_data: [] }
    const job = equals(JOB_NAME, params.text('job_name') ?? '')
    const builds = await findBuilds(ctx.db, scope, job, most)
    if (builds.length === 0) return { table_data: [] }
    const env = params.text('env')
    const filters = [...job, ...(env ? equals('env', env) : [])]
    const names = (params.text('components') ?? '').split(',')
    const results = await findResults(ctx.db, group, scope, filters, builds, names)
    return { table_data: toTable(group, results, params.flag('count_skips')) }
  },
}

/** Without a project there is nothing to show; one that is named must be an id. */
function checkProject(params: WidgetParams): void {
  const project = params.text('project')
  if (project !== null && parseUuid(project) === null) throw params.refuse(`project must be a UUID: ${project}`)
}

interface ResultRow {
  readonly value: GroupValue
  readonly id: string
  readonly build: string
  readonly importance: string | null
  readonly result: string | null
}

function toTable(group: FieldExpression, rows: readonly ResultRow[], countSkips: boolean): Answer['table_data'] {
  const bnums = [...new Set(rows.map(({ build }) => build))].sort((a, b) => (a < b ? -1 : 1))
  const components = Map.groupBy(rows, ({ value }) => groupKey(group, value))
  return [...components].map(([component, own]) => {
    const byBuild = Map.groupBy(own, ({ build }) => build)
    const data = bnums.map((build) => [build, toCells(byBuild.get(build), countSkips)])
    return { component, bnums, importances, data: Object.fromEntries(data) }
  })
}

/** The cells of one build; "NA" all over where only other components have it. */
function toCells(rows: readonly ResultRow[] | undefined, countSkips: boolean): BuildCells {
  const none = { percentage: rows ? 'N/A' : 'NA', result_list: [] }
  const found = Map.groupBy(rows ?? [], ({ importance }) => String(importance))
  const cells = [...found].map(([importance, own]): [string, BuildCells[string]] => {
    const passed = own.filter(({ result }) => isPassed(result, countSkips)).length
    return [importance, { percentage: round2(passed / own.length), result_list: own.map(({ id }) => id) }]
  })
  return Object.fromEntries([...importances.map((importance) => [importance, none] as const), ...cells])
}

const notPassed: ReadonlySet<string | null> = new Set(['error', 'failed', 'xfailed', 'xpassed'])

/** Anything else, even manual and blocked, is passed. */
function isPassed(result: string | null, countSkips: boolean): boolean {
  return !notPassed.has(result) && !(countSkips && result === 'skipped')
}

/** The highest build numbers of a job, compared as texts. */
async function findBuilds(
  db: Queryable,
  scope: ProjectScope,
  filters: readonly Filter[],
  most: number,
): Promise<string[]> {
  const { rows } = await withFilterErrors(filters, () =>
    db.query<{ build: string }>(sql`
      select build
      from (select ${buildText} as build from results where ${compileSelection(tables.results, scope, filters)}) as built
      where build is not null group by build order by build collate "C" desc limit ${most}::bigint`),
  )
  return rows.map(({ build }) => build)
}

async function findResults(
  db: Queryable,
  { expression }: FieldExpression,
  scope: ProjectScope,
  filters: readonly Filter[],
  builds: string[],
  names: string[],
): Promise<ResultRow[]> {
  const importance: Sql = textAt({ column: sql`results.data`, path: ['importance'], contained: false })
  const { rows } = await withFilterErrors(filters, () =>
    db.query<ResultRow>(sql`
      select ${expression} as value, id, ${buildText} as build, ${importance} as importance, result
      from results
      where ${compileSelection(tables.results, scope, filters)} and ${buildText} = any(${builds}::text[])
        and component = any(${names}::text[])
      order by component, start_time, id`),
  )
  return rows
}
