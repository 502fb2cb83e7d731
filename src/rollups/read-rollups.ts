/**
 * What widgets ask of rollups. Each is one statement, that is one snapshot (see roll-up.ts): rollups of whole hours and
 * days, less what marked runs have contributed, plus the rows of marked runs, plus rows that no rollup has (results without
 * a run, the part of an hour at the beginning of a window). Null: the field is not counted yet, raw rows must answer.
 */
import sql, { join, raw, type Sql } from 'sql-template-tag'
import type { ProjectScope } from '../access/caller.ts'
import { prepareIf } from '../db/prepare.ts'
import type { Queryable } from '../db/queryable.ts'
import { BUILDS, fieldText, type RollupField } from './rollup-fields.ts'
import { NO_PROJECT, placedProject, type RunNumber, runNumbers, valueHash } from './rollup-sql.ts'
import { runNumber } from './run-contributions.ts'
import { type Window, windowAfter } from './window.ts'

/** What is counted: rows of projects, under a field, after a moment or of all times. */
export interface RollupQuery {
  readonly field: Pick<RollupField, 'source' | 'name'>
  readonly scope: ProjectScope
  readonly since: string | null
  /** Only rows of this value. */
  readonly value?: string
}

export interface ValueCount {
  readonly value: string
  readonly count: number
}

export type ValueSums<N extends RunNumber> = { readonly value: string } & Readonly<Record<N, number>>

/** Whether a scope can be asked for: the nil UUID stands for rows without a project. */
export function canAsk(scope: ProjectScope): boolean {
  return scope.all || !scope.ids.includes(NO_PROJECT)
}

/** How many results there are of each value, the most frequent first. */
export async function countResultValues(db: Queryable, query: RollupQuery): Promise<ValueCount[] | null> {
  const { field, scope, since } = query
  const text = fieldText(field)
  const inScope = compileRows(scope)
  const window = since === null ? null : windowAfter(since)
  const raws = (where: Sql) => sql`select ${text} as value, 1 as count from results where ${where} and ${inScope}`
  const parts = [
    ...rollupRanges(window).map(
      (range) => sql`select value, count from result_rollups r where ${compileRollups(scope)} and ${range}`,
    ),
    sql`select e.value, -e.count from result_contributions c
      cross join lateral unnest(c.fields, c.buckets, c."values", c.counts) as e (field, bucket, value, count)
      where c.run_id = any (${marked}) and ${compileContributions(scope)} and e.field = (select id from field)
        and ${window ? sql`e.bucket >= ${window.firstHour}::timestamp` : raw('true')}`,
    raws(sql`run_id = any (${marked}) and ${window ? sql`start_time >= ${window.firstHour}::timestamp` : raw('true')}`),
    raws(sql`run_id is null and ${window ? sql`start_time > ${window.since}::timestamp` : raw('true')}`),
    ...(window ? [raws(sql`run_id is not null and ${partialHour(window)}`)] : []),
  ]
  const statement = sql`
    with ${heading(field)}
    select value, sum(count)::bigint as count from (${join(parts, ' union all ')}) as parts
    where value is not null group by value having sum(count) <> 0
    union all ${notReady(sql`null::bigint`)}
    order by count desc, value`
  const { rows } = await ask<{ value: string | null; count: number }>(db, statement)
  return whenReady(rows)
}

/** The sums of some of the runs' numbers by value. */
export async function sumRunValues<N extends RunNumber>(
  db: Queryable,
  query: RollupQuery,
  numbers: readonly N[],
): Promise<ValueSums<N>[] | null> {
  const { field, scope, since, value } = query
  const text = fieldText(field)
  const inScope = compileRows(scope)
  const window = since === null ? null : windowAfter(since)
  const ofValue = (column: Sql) => (value === undefined ? raw('true') : sql`${column} = ${value}::text`)
  const hashed =
    value === undefined
      ? raw('true')
      : sql`value_hash = (select ${valueHash('v')} from (values (${value}::text)) as one (v))`
  const own = join(numbers.map((name) => sql`${runNumber(name)} as ${raw(name)}`))
  const each = (print: (name: N) => string) => raw(numbers.map(print).join(', '))
  const raws = (where: Sql) =>
    sql`select ${text} as value, 1 as runs, ${own} from runs where ${where} and ${inScope} and ${ofValue(text)}`
  const parts = [
    ...rollupRanges(window).map(
      (range) => sql`select value, runs, ${each((name) => name)} from run_rollups r
        where ${compileRollups(scope)} and ${range} and ${hashed}`,
    ),
    sql`select e.value, -1, ${each((name) => `-c.numbers[${runNumbers.indexOf(name) + 1}]`)} from run_contributions c
      cross join lateral unnest(c.fields, c."values") as e (field, value)
      where c.run_id = any (${marked}) and ${compileContributions(scope)} and e.field = (select id from field)
        and ${ofValue(raw('e.value'))} and ${window ? sql`c.bucket >= ${window.firstHour}::timestamp` : raw('true')}`,
    raws(sql`id = any (${marked}) and ${window ? sql`start_time >= ${window.firstHour}::timestamp` : raw('true')}`),
    ...(window ? [raws(partialHour(window))] : []),
  ]
  const statement = sql`
    with ${heading(field)}
    select value, ${each((name) => `sum(${name}) as ${name}`)}
    from (${join(parts, ' union all ')}) as parts
    where value is not null group by value having sum(runs) <> 0
    union all ${notReady(each(() => 'null::numeric'))}
    order by value`
  const { rows } = await ask<ValueSums<N>>(db, statement)
  return whenReady(rows)
}

/** How many builds of Jenkins jobs there are in runs of all times, in each project. */
export async function countBuilds(db: Queryable, scope: ProjectScope): Promise<number | null> {
  const field = { source: 'runs', name: BUILDS } as const
  const [ever] = rollupRanges(null)
  const rollups = sql`${compileRollups(scope)} and ${ever ?? raw('true')}`
  // A value whose only runs are marked may have gone or come.
  const statement = sql`
    with ${heading(field)},
    touched as (
      select project_id, value, ${valueHash('value')} as value_hash, sum(runs) as runs
      from (
        select c.project_id, e.value, -1 as runs from run_contributions c
        cross join lateral unnest(c.fields, c."values") as e (field, value)
        where c.run_id = any (${marked}) and ${compileContributions(scope)} and e.field = (select id from field)
        union all
        select ${placedProject}, ${fieldText(field)}, 1 from runs where id = any (${marked}) and ${compileRows(scope)}
      ) as parts where value is not null group by project_id, value),
    known as (
      select t.runs + coalesce(r.runs, 0) as runs, r.runs is not null as stood
      from touched t left join run_rollups r
        on r.project_id = t.project_id and r.value_hash = t.value_hash and ${rollups})
    select coalesce(sum(r.runs), 0) + (select count(*) filter (where runs > 0) - count(*) filter (where stood) from known) as count,
      exists (select from field) as ready
    from run_rollups r where ${compileRollups(scope)} and r.grain = 'n'`
  const { rows } = await ask<{ count: number; ready: boolean }>(db, statement)
  const [row] = rows
  return row?.ready ? row.count : null
}

/** Prepared: planning would take longer than the answer. The text depends on the field and little else. */
const ask = <R extends object>(db: Queryable, statement: Sql) => db.query<R>(prepareIf(true, statement))

/** Rows have a value; the one that says "not ready" has none. */
function whenReady<R extends { readonly value: string | null }>(rows: R[]): (R & { value: string })[] | null {
  const found: (R & { value: string })[] = []
  for (const row of rows) {
    const { value } = row
    if (value === null) return null
    found.push({ ...row, value })
  }
  return found
}

const heading = ({ source, name }: RollupQuery['field']) => sql`
  field as materialized (select id from rollup_fields where source = ${source} and name = ${name} and ready),
  marked as materialized (select run_id from run_changes union select run_id from rollup_changes)`

/** The runs with a mark. An array, so that they are looked up by index however many the planner takes them for. */
const marked = raw('array(select run_id from marked)')

const notReady = (nulls: Sql) => sql`select null::text, ${nulls} where not exists (select from field)`

/** Says nothing, but of a range with two ends the planner guesses little without knowing them, and so keeps its plan. */
const BOUNDED = raw(`r.bucket <= 'infinity'`)

/** The rollups of a window: of all times, or of its days and of the hours before them. */
function rollupRanges(window: Window | null): Sql[] {
  if (!window) return [sql`r.grain = 'a' and r.bucket = '-infinity'`]
  const { firstHour, firstDay } = window
  return [
    sql`r.grain = 'd' and r.bucket >= ${firstDay}::timestamp and ${BOUNDED}`,
    sql`r.grain = 'h' and r.bucket >= ${firstHour}::timestamp and r.bucket < ${firstDay}::timestamp`,
  ]
}

const partialHour = ({ since, firstHour }: Window) =>
  sql`start_time > ${since}::timestamp and start_time < ${firstHour}::timestamp`

function compileRollups(scope: ProjectScope): Sql {
  return sql`${compileProjects(raw('r.project_id'), scope)} and r.field = (select id from field)`
}

function compileContributions(scope: ProjectScope): Sql {
  return compileProjects(raw('c.project_id'), scope)
}

/** Rollups and contributions of projects. One that is gone is in neither, though both may still hold its numbers. */
function compileProjects(column: Sql, scope: ProjectScope): Sql {
  if (!scope.all) return compileIds(column, scope.ids)
  return sql`${column} = any (${raw(`array(select id from projects union all select '${NO_PROJECT}')`)})`
}

function compileRows(scope: ProjectScope): Sql {
  return scope.all ? raw('true') : compileIds(raw('project_id'), scope.ids)
}

/**
 * One id by `=`: of a list the planner knows nothing before it has it, so it would plan anew each time, which takes as long as
 * the answer.
 */
function compileIds(column: Sql, ids: readonly string[]): Sql {
  const [only] = ids
  return ids.length === 1 ? sql`${column} = ${only}::uuid` : sql`${column} = any (${[...ids]}::uuid[])`
}
