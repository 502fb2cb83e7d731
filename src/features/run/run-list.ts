import sql, { raw } from 'sql-template-tag'
import type { ProjectScope } from '../../access/caller.ts'
import { compileFilters } from '../../filters/compile-filter.ts'
import { compileSearch } from '../../filters/compile-search.ts'
import { type Filter, formOf, inOneOrder, parseFilters } from '../../filters/grammar.ts'
import { compileScope, requireProjectFilter } from '../../filters/scope.ts'
import { type TableSpec, tables } from '../../filters/tables.ts'
import type { ListQuery } from '../../pages/list-rows.ts'
import { type ListParameters, pageOf } from '../../pages/page.ts'
import { runColumns } from './run-sql.ts'

/**
 * The list of runs within a scope, newest first.
 * @throws ApiError invalid_filter, project_filter_required, page_too_big
 */
export function runListQuery(scope: ProjectScope, query: ListParameters): ListQuery {
  const asked = parseFilters(query.filter ?? [])
  requireProjectFilter(scope, asked)
  const isPrepared = ofComponent.test(formOf(asked))
  const filters = isPrepared ? inOneOrder(asked) : asked
  const whereOf = (table: TableSpec) =>
    sql`${compileScope(raw('runs.project_id'), scope, filters)} and ${compileFilters(table, filters)}`
  return {
    columns: runColumns,
    from: raw('runs'),
    where: whereOf(tables.runs),
    orderBy: raw('start_time desc'),
    page: pageOf(query),
    estimate: query.estimate ?? false,
    counted: isInIndex(filters) ? halves.map((from) => ({ from, where: whereOf(asCounted) })) : undefined,
    isNarrow: isPrepared,
    isPrepared,
    search: compileSearch(tables.runs, scope, filters),
    filters,
  }
}

/** The runs of one component, in the forms that clients ask for: any number of them can't be prepared. */
const ofComponent = /^component eq,project_id eq(,summary\.(failures|errors) (eq|ne|gt|lt|ge|le))?$/

/*
 * ix_runs_summaries (db/migrations/0016) has all that these filters ask for, so that no row is visited to count those of a
 * component or with failures. It lacks the few runs whose component or summary may be too long for an index (D32).
 */
const asCounted: TableSpec = {
  ...tables.runs,
  columns: { ...tables.runs.columns, component: { kind: 'text' } },
}
const halves = ['<>', '='].map((operator) =>
  raw(
    `(select * from runs where least(greatest(octet_length(component), octet_length(summary::text)), 501) ${operator} 501) as runs`,
  ),
)

function isInIndex(filters: readonly Filter[]): boolean {
  const roots = filters.map(({ field }) => field.split('.', 1)[0] ?? '')
  const asked = (root: string) => root === 'component' || root === 'summary'
  return roots.some(asked) && roots.every((root) => asked(root) || root === 'project_id' || root === 'start_time')
}
