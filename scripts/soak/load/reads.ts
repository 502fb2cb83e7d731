import { PROJECTS, projectId, resultId, runId } from '../seed.ts'
import type { Answer } from './connections.ts'
import { any, ask, expectContent, filters, type LoadContext, type Operation, parse } from './operation.ts'

/** Contents are looked at once in so many answers; parsing all would cost the load more than the server. */
const LOOK_EVERY = 16

type Make = () => string
type Check = (answer: Answer) => boolean

/** Everything that is only read, with the shares that a dashboard's visitors and their scripts may have. */
export function createReads(ctx: LoadContext): Operation[] {
  const { runs, results } = ctx.amount
  const perRun = results / runs
  const ofAnyProject = () => `project_id=${projectId(any(PROJECTS))}`
  const row = (name: string, weight: number, make: Make, check: Check) => createRead(ctx, name, weight, make, check)
  const list = (path: string, query: string) => `/api/${path}?${query}&estimate=true&page=1&pageSize=25`
  const widget = (type: string, query: string) =>
    `/api/widget/${type}?project=${projectId(any(PROJECTS))}${query && `&${query}`}`
  const ofRun = (r: number) =>
    `additional_filters=${encodeURIComponent(`project_id=${projectId(0)},run_id=${runId(r)}`)}`
  const count = (key: string, length: number) => (answer: Answer) => parse(answer)[key].length === length

  return [
    row(
      'health',
      40,
      () => '/api/health',
      (answer) => parse(answer).status === 'OK',
    ),
    row(
      'get-result',
      160,
      () => `/api/result/${resultId(any(results))}`,
      (answer) => parse(answer).metadata.fspath !== '',
    ),
    row(
      'get-run',
      120,
      () => `/api/run/${runId(any(runs))}`,
      (answer) => parse(answer).summary.tests === perRun,
    ),
    row('list-runs', 90, () => list('run', filters(ofAnyProject())), count('runs', 25)),
    row(
      'list-runs-filtered',
      30,
      () => list('run', filters(ofAnyProject(), `component=comp-${any(20)}`, 'summary.failures>3')),
      (answer) => parse(answer).runs.every((run: { summary: { failures: number } }) => run.summary.failures > 3),
    ),
    row(
      'run-tree-page',
      30,
      () =>
        `/api/result?${filters(`project_id=${projectId(0)}`, `run_id=${runId(any(runs / PROJECTS) * PROJECTS)}`)}&estimate=true&page=1&pageSize=500`,
      count('results', Math.min(500, perRun)),
    ),
    row('list-results', 50, () => list('result', filters(ofAnyProject())), count('results', 25)),
    row(
      'list-results-exact',
      10,
      () => `/api/result?${filters(ofAnyProject())}&page=1&pageSize=25`,
      (answer) => parse(answer).pagination.totalItems >= results / PROJECTS,
    ),
    row(
      'results-by-metadata',
      30,
      () => {
        const r = any(runs)
        const project = `project_id=${projectId(r % PROJECTS)}`
        return list('result', filters(project, `metadata.jenkins.build_url=http://ci/job/${r}`))
      },
      count('results', Math.min(25, perRun)),
    ),
    row(
      'test-history',
      40,
      () => {
        const [n, r] = [any(perRun), any(runs)]
        const test = `test_id=tests/test_module_${n % 40}.py::test_case_${n}`
        const component = `component=comp-${Math.floor(r / 5) % 20}`
        return list('result', filters(`project_id=${projectId(r % PROJECTS)}`, test, component))
      },
      (answer) => parse(answer).results.length > 0,
    ),
    row(
      'w-result-summary',
      10,
      () => widget('result-summary', ''),
      (answer) => parse(answer).total >= results / PROJECTS,
    ),
    row(
      'w-result-aggregator',
      10,
      () => widget('result-aggregator', 'group_field=result&days=30'),
      (answer) => parse(answer).length === 5,
    ),
    row(
      'w-aggregator-metadata',
      5,
      () => widget('result-aggregator', 'group_field=metadata.exception_name&days=30'),
      (answer) => parse(answer).length === 3,
    ),
    row(
      'w-run-aggregator',
      10,
      () => widget('run-aggregator', 'group_field=component&weeks=4'),
      (answer) => Object.keys(parse(answer).passed).length > 3,
    ),
    row(
      'w-jenkins-heatmap',
      10,
      () => widget('jenkins-heatmap', `job_name=job-${any(Math.min(10, runs / 100))}&builds=20&group_field=component`),
      (answer) => Object.keys(parse(answer).heatmap).length > 0,
    ),
    row('w-jenkins-job-view', 10, () => widget('jenkins-job-view', 'page=1&page_size=25'), count('jobs', 25)),
    row(
      'w-compare-runs',
      5,
      () => `/api/widget/compare-runs-view?${ofRun(0)}&${ofRun(5)}`,
      (answer) => parse(answer).results.length > 10,
    ),
  ]
}

function createRead(ctx: LoadContext, name: string, weight: number, make: Make, check: Check): Operation {
  let seen = 0
  return {
    name,
    weight,
    async run() {
      const answer = await ask(ctx, 'GET', make())
      if (seen++ % LOOK_EVERY === 0) expectContent(answer, check(answer))
      return undefined
    },
  }
}
