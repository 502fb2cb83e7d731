import sql from 'sql-template-tag'
import type { Queryable } from '../../src/db/queryable.ts'
import { findArtifact } from '../../src/features/artifact/artifact-sql.ts'
import { resultListQuery } from '../../src/features/result/result-list.ts'
import { findResult } from '../../src/features/result/result-sql.ts'
import { recountRuns } from '../../src/jobs/recount-sql.ts'
import { countRows, type ListQuery, pageStatement } from '../../src/pages/list-rows.ts'
import { answerWidget } from '../../src/widgets/answer-widget.ts'
import type { WidgetId } from '../../src/widgets/registry.ts'
import { findPlacedArtifact, findResultById, listNewest, listOfRun, withinMonths } from './changed-reads.ts'
import type { Case } from './compare.ts'
import type { Samples } from './samples.ts'

interface ListOptions {
  readonly filters?: (n: number) => string[]
  readonly pageSize?: number
  readonly page?: number
  readonly everyProject?: boolean
}

/** What the server reads. Long ones say how often they are run at most. */
export function readCases(s: Samples, artifactIds: readonly string[]): Case[] {
  const anyRun = (n: number) => s.spread(n, s.runs)
  const anyResult = (n: number) => s.result(s.spread(n, s.rows))
  const anyArtifact = (n: number) => artifactIds[n % artifactIds.length] ?? ''
  const testOf = (n: number) => {
    const test = n % Math.max(1, Math.floor(s.rows / s.runs))
    return `tests/test_module_${test % 40}.py::test_case_${test}`
  }
  const query = (n: number, { filters, pageSize, page, everyProject }: ListOptions): ListQuery =>
    resultListQuery(everyProject ? { all: true } : s.scope(n), {
      filter: filters?.(n) ?? [],
      ...(pageSize ? { pageSize } : {}),
      ...(page ? { page } : {}),
    })
  const page = (db: Queryable, list: ListQuery) => db.query(pageStatement(list))
  const list = (name: string, options: ListOptions, more: Partial<Case> = {}): Case => ({
    name,
    server: ({ db }, n) => page(db, query(n, options)),
    ...more,
  })
  /** The same, asked of the last two months first. */
  const newest = (name: string, options: ListOptions, more: Partial<Case> = {}): Case =>
    list(name, options, { changed: ({ db }, n) => listNewest(db, query(n, options)), ...more })
  const count = (name: string, options: ListOptions, more: Partial<Case> = {}): Case => ({
    name,
    server: ({ db }, n) => countRows(db, query(n, options)),
    ...more,
  })
  const widget = (name: string, id: WidgetId, params: (n: number) => Record<string, string>, more = {}): Case => ({
    name: `widget ${name}`,
    server: (ctx, n) => answerWidget(ctx, id, new URLSearchParams({ project: s.project(n), ...params(n) }), s.scope(n)),
    ...more,
  })
  const rare = (n: number) => [`metadata.jenkins.build_url=http://ci/job/${anyRun(n)}`]
  const run = (n: number) => Math.floor(anyRun(n) / 5) * 5 + (n % 5)

  return [
    {
      name: 'result by id',
      server: ({ db }, n) => findResult(db, anyResult(n)),
      changed: ({ db }, n) => findResultById(db, anyResult(n)),
    },
    {
      name: 'artifact by id, with its project',
      server: ({ db }, n) => findArtifact(db, anyArtifact(n)),
      changed: ({ db }, n) => findPlacedArtifact(db, anyArtifact(n)),
    },
    newest('newest 25 of a project', {}),
    newest('page 40 of a project', { page: 40 }),
    newest('newest 25 of a component', { filters: (n) => [`component=comp-${n % 20}`] }),
    newest('newest 25 of a source', { filters: () => ['source=jenkins'] }),
    newest('newest 25 that failed', { filters: () => ['result=failed'] }),
    newest('newest 25 with a frequent metadata value', { filters: (n) => [`metadata.assignee=user${n % 30}`] }),
    newest('25 with a metadata value of one run', { filters: rare }),
    newest('25 with a metadata value of none', { filters: (n) => [`metadata.build=none-${n}`] }),
    newest('history of a test, 25', { filters: (n) => [`test_id=${testOf(n)}`, `component=comp-${n % 20}`] }),
    newest('newest 25 of all projects', { everyProject: true }),
    list(
      'all results of a run',
      { filters: (n) => [`run_id=${s.run(run(n))}`], pageSize: 500 },
      {
        server: ({ db }, n) =>
          page(db, resultListQuery(s.scope(run(n)), { filter: [`run_id=${s.run(run(n))}`], pageSize: 500 })),
        changed: ({ db }, n) =>
          listOfRun(
            db,
            s.run(run(n)),
            resultListQuery(s.scope(run(n)), { filter: [`run_id=${s.run(run(n))}`], pageSize: 500 }),
          ),
      },
    ),
    count('exact count of a project', {}, { most: 20 }),
    count('exact count of a component', { filters: (n) => [`component=comp-${n % 20}`] }, { most: 40 }),
    { name: 'estimate of a project', server: ({ db }, n) => estimate(db, query(n, {})) },
    widget('result-summary', 'result-summary', () => ({})),
    widget('result-aggregator: result, 30 days', 'result-aggregator', () => ({ group_field: 'result', days: '30' })),
    widget('result-aggregator: exception, all times', 'result-aggregator', () => ({
      group_field: 'metadata.exception_name',
      days: '0',
    })),
    widget(
      'result-aggregator: a field that is not counted, 30 days',
      'result-aggregator',
      () => ({
        group_field: 'metadata.fspath',
        days: '30',
      }),
      { most: 20 },
    ),
    widget('result-aggregator: one run', 'result-aggregator', (n) => ({
      group_field: 'result',
      run_id: s.run(Math.floor(anyRun(n) / 5) * 5 + (n % 5)),
    })),
    widget('run-aggregator, 4 weeks', 'run-aggregator', () => ({ group_field: 'component', weeks: '4' })),
    widget('jenkins-heatmap', 'jenkins-heatmap', (n) => ({
      job_name: `job-${n % 10}`,
      builds: '20',
      group_field: 'component',
    })),
    widget('jenkins-job-view', 'jenkins-job-view', () => ({ page: '1', page_size: '25' })),
    widget('importance-component', 'importance-component', (n) => ({ job_name: `job-${n % 10}`, builds: '5' }), {
      most: 40,
      opaque: true,
    }),
    {
      name: 'widget compare-runs-view',
      server: (ctx, n) =>
        answerWidget(
          ctx,
          'compare-runs-view',
          new URLSearchParams(
            [0, 5].map((later): [string, string] => ['additional_filters', `run_id=${s.run(run(n) + later)}`]),
          ),
          s.scope(n),
        ),
    },
    {
      name: 'recount of a run',
      server: ({ db }, n) => recountRuns(db, [s.run(anyRun(n))]),
      changed: ({ db }, n) => recountRuns(withinMonths(db), [s.run(anyRun(n))]),
    },
  ]
}

const estimate = (db: Queryable, { from, where }: ListQuery) =>
  db.query(sql`explain (format json) select 1 from ${from} where ${where}`)
