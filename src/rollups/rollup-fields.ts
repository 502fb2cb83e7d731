import { raw, type Sql } from 'sql-template-tag'
import type { Queryable } from '../db/queryable.ts'
import { groupExpression } from '../filters/field-expression.ts'
import { tables } from '../filters/tables.ts'

/** Whose field: that of results or of runs. */
export type RollupSource = 'results' | 'runs'

/** A field by which rollups count. */
export interface RollupField {
  readonly id: number
  readonly source: RollupSource
  /** As in a group_field: a column, or `metadata.` and a path. The empty name of runs stands for all of them. */
  readonly name: string
  /** Whether every run without a mark was rolled up with it: only then it answers. */
  readonly ready: boolean
}

/** All rows of a source under one value, the empty one. */
export const ALL = ''

/** Runs by Jenkins job and build, of all times only: how many builds there are. */
export const BUILDS = 'jenkins build'

/** What is counted without any setting; docs/widgets.md lists it. */
export const documentedFields: Readonly<Record<RollupSource, readonly string[]>> = {
  results: [
    'result',
    'component',
    'env',
    'source',
    'metadata.exception_name',
    'metadata.assignee',
    'metadata.classification',
    'metadata.importance',
    'metadata.jenkins.job_name',
  ],
  runs: [ALL, BUILDS, 'component', 'env', 'source', 'metadata.jenkins.job_name'],
}

/**
 * The fields that a source is to be counted by: the documented ones and those of the setting ROLLUP_FIELDS, as far as
 * the source has them.
 */
export function wantedFields(source: RollupSource, extra: readonly string[]): string[] {
  return [...new Set([...documentedFields[source], ...extra.filter((name) => canRollUp(source, name))])]
}

/** Whether rollups can count by a field: it must be a text. */
export function canRollUp(source: RollupSource, name: string): boolean {
  return groupExpression(tables[source], name)?.kind === 'text'
}

/** The name under which a field is rolled up: `data.x` is `metadata.x`. */
export function rollupName(field: string): string {
  return field.replace(/^data\./, 'metadata.')
}

/** The text that rows of a source are counted under. */
export function fieldText({ source, name }: Pick<RollupField, 'source' | 'name'>): Sql {
  if (name === ALL) return raw(`''::text`)
  if (name === BUILDS) return jobAndBuild
  const group = groupExpression(tables[source], name)
  if (group?.kind !== 'text') throw new Error(`${source} can't be rolled up by ${name}`)
  return group.expression
}

const jobAndBuild = raw(`(case when runs.data->'jenkins'->>'job_name' is not null
  and runs.data->'jenkins'->>'build_number' is not null
  then jsonb_build_array(runs.data->'jenkins'->>'job_name', runs.data->'jenkins'->>'build_number')::text end)`)

/** All fields that are counted, in the order of their ids. */
export async function findRollupFields(db: Queryable): Promise<RollupField[]> {
  const { rows } = await db.query<RollupField>({
    name: 'find-rollup-fields',
    text: 'select id, source, name, ready from rollup_fields order by id',
  })
  return rows
}

/**
 * Makes the fields what they are to be: adds the missing ones, which become ready when all runs have been rolled up with
 * them, and forgets those that nobody wants any more.
 */
export async function chooseRollupFields(tx: Queryable, extra: readonly string[]): Promise<void> {
  const wanted = (['results', 'runs'] as const).flatMap((source) =>
    wantedFields(source, extra).map((name) => ({ source, name })),
  )
  const values = [wanted.map(({ source }) => source), wanted.map(({ name }) => name)]
  await tx.query({
    text: `delete from rollup_fields where (source, name) not in (select * from unnest($1::text[], $2::text[]))`,
    values,
  })
  await tx.query({
    text: `insert into rollup_fields (source, name)
      select * from unnest($1::text[], $2::text[])
      on conflict (source, name) do nothing`,
    values,
  })
}
