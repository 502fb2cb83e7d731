import type { OperationId } from '../../../generated/operations.ts'
import { idsOf } from './populate.ts'
import { MALFORMED, type Prepare, projectId, type Subject, unknown } from './requests.ts'
import { type Place, places, type World } from './world.ts'

/** A list: which member of the answer holds its rows, and of which table they are. */
export interface ListRequests {
  readonly rows: string
  readonly table: string
  readonly requests: Readonly<Record<string, Prepare>>
}

/** Large enough for every row of the world; over 500 rows are a task's (filters.md 8). */
const PAGE: [string, string] = ['pageSize', '500']
const TASK_PAGE: [string, string] = ['pageSize', '501']

const ask = (...query: (readonly [string, string])[]): Subject => ({ query: [...query, PAGE] })
const filter = (text: string) => ['filter', text] as const
const first = (world: World, table: string, place: Place): string => idsOf(world, table, [place])[0] ?? ''

/** Runs and results, which have the same filters and become tasks when they are long. */
const pagesOfTests: Readonly<Record<string, Prepare>> = {
  '-': () => ask(),
  own: (world) => ask(filter(`project_id=${projectId(world, 'ours')}`)),
  foreign: (world) => ask(filter(`project_id=${projectId(world, 'foreign')}`)),
  unknown: () => ask(filter(`project_id=${unknown()}`)),
  malformed: () => ask(filter(`project_id=${MALFORMED}`)),
  'any project': () => ask(filter('project_id@y')),
  'not the own project': (world) => ask(filter(`project_id!${projectId(world, 'ours')}`)),
  'two projects': (world) =>
    ask(filter(`project_id*${projectId(world, 'ours')};${projectId(world, 'foreign')}`), filter('project_id@y')),
  'foreign by content': () => ask(filter('component=content-of-foreign')),
  'estimated count': () => ask(['estimate', 'true']),
  'a task': () => ({ query: [TASK_PAGE] }),
  'a task on own': (world) => ({ query: [TASK_PAGE, filter(`project_id=${projectId(world, 'ours')}`)] }),
  'a task on foreign': (world) => ({ query: [TASK_PAGE, filter(`project_id=${projectId(world, 'foreign')}`)] }),
}

const bulk = (world: World, place: Place | null, metadata: object = { filled: 1 }): Subject => ({
  query: [['pageSize', '25'], ...(place ? [filter(`project_id=${projectId(world, place)}`)] : [])],
  json: { metadata },
})

/** Every list of the server, and the bulk update, which changes what it lists. */
export const listRequests: Readonly<Partial<Record<OperationId, ListRequests>>> = {
  getRunList: { rows: 'runs', table: 'runs', requests: pagesOfTests },
  getResultList: { rows: 'results', table: 'results', requests: pagesOfTests },
  bulkUpdate: {
    rows: 'runs',
    table: 'runs',
    requests: {
      '-': (world) => bulk(world, null),
      own: (world) => bulk(world, 'ours'),
      foreign: (world) => bulk(world, 'foreign'),
      unknown: () => ({ query: [filter(`project_id=${unknown()}`)], json: { metadata: { filled: 1 } } }),
      malformed: () => ({ query: [filter(`project_id=${MALFORMED}`)], json: { metadata: { filled: 1 } } }),
      'own to foreign by metadata': (world) => bulk(world, 'ours', { project: 'foreign' }),
    },
  },
  getArtifactList: {
    rows: 'artifacts',
    table: 'artifacts',
    requests: {
      '-': () => ask(),
      'own run': (world) => ask(['runId', first(world, 'runs', 'ours')]),
      'foreign run': (world) => ask(['runId', first(world, 'runs', 'foreign')]),
      'own result': (world) => ask(['resultId', first(world, 'results', 'ours')]),
      'foreign result': (world) => ask(['resultId', first(world, 'results', 'foreign')]),
      'foreign result by its old name': (world) => ask(['result_id', first(world, 'results', 'foreign')]),
      'result without project': (world) => ask(['resultId', first(world, 'results', 'none')]),
      unknown: () => ask(['resultId', unknown()]),
      malformed: () => ask(['resultId', MALFORMED]),
    },
  },
  getImportList: {
    rows: 'imports',
    table: 'imports',
    requests: {
      '-': () => ask(),
      own: (world) => ask(filter(`metadata.project_id=${projectId(world, 'ours')}`)),
      foreign: (world) => ask(filter(`metadata.project_id=${projectId(world, 'foreign')}`)),
    },
  },
  getProjectList: {
    rows: 'projects',
    table: 'projects',
    requests: {
      '-': () => ask(),
      own: (world) => ask(['ownerId', world.users.owner]),
      foreign: (world) => ask(['ownerId', world.users.other]),
      unknown: () => ask(['ownerId', unknown()]),
      malformed: () => ask(['ownerId', MALFORMED]),
      'foreign by name': () => ask(filter('name=foreign')),
    },
  },
  getGroupList: { rows: 'groups', table: 'groups', requests: { '-': () => ask() } },
  getTokenList: { rows: 'tokens', table: 'tokens', requests: { '-': () => ask() } },
  adminGetUserList: { rows: 'users', table: 'users', requests: { '-': () => ask() } },
  adminGetProjectList: { rows: 'projects', table: 'projects', requests: { '-': () => ask() } },
  getDashboardList: {
    rows: 'dashboards',
    table: 'dashboards',
    requests: {
      '-': () => ask(),
      own: (world) => ask(['project_id', projectId(world, 'ours')]),
      foreign: (world) => ask(['project_id', projectId(world, 'foreign')]),
      unknown: () => ask(['project_id', unknown()]),
      malformed: () => ask(['project_id', MALFORMED]),
      'foreign by a filter': (world) => ask(filter(`project_id=${projectId(world, 'foreign')}`)),
    },
  },
  getWidgetConfigList: {
    rows: 'widgets',
    table: 'widget_configs',
    requests: {
      '-': () => ask(),
      own: (world) => ask(filter(`project_id=${projectId(world, 'ours')}`)),
      foreign: (world) => ask(filter(`project_id=${projectId(world, 'foreign')}`)),
      'foreign dashboard': (world) => ask(filter(`dashboard_id=${first(world, 'dashboards', 'foreign')}`)),
      'any project': () => ask(filter('project_id@y')),
      'a title with the word project': () => ask(filter('title=my project')),
    },
  },
}

const noProject = ['accessibility-dashboard-view', 'accessibility-bar-chart', 'compare-runs-view']

/** The query of each type of widget that shows the most; `run_list` names the runs of every place. */
export const widgetQueries: Readonly<Record<string, (world: World) => readonly (readonly [string, string])[]>> = {
  'accessibility-analysis-view': () => [['run_list', 'x']],
  'accessibility-bar-chart': (world) => idsOf(world, 'runs').map((id) => ['run_list', id] as const),
  'compare-runs-view': () => pair(''),
  'filter-heatmap': () => [['additional_filters', 'duration=1'], ...grouped],
  'importance-component': () => [
    ['job_name', 'nightly'],
    ['components', places.map((place) => `content-of-${place}`).join()],
  ],
  'jenkins-analysis-view': () => job,
  'jenkins-bar-chart': () => job,
  'jenkins-heatmap': () => [['job_name', 'nightly'], ...grouped],
  'jenkins-job-view': () => [],
  'jenkins-line-chart': () => job,
  'result-aggregator': () => [['group_field', 'component']],
  'result-summary': () => [],
  'run-aggregator': () => [
    ['weeks', '4'],
    ['group_field', 'component'],
  ],
}
const job = [
  ['job_name', 'nightly'],
  ['builds', '5'],
] as const
const grouped = [
  ['builds', '5'],
  ['group_field', 'component'],
] as const

function pair(more: string) {
  return ['passed', 'failed'].map((result) => ['additional_filters', `result=${result}${more}`] as const)
}

/** One request for each type that takes a project. */
function widgets(
  world: World,
  query: readonly (readonly [string, string])[],
  types = Object.keys(widgetQueries).filter((type) => !noProject.includes(type)),
): Subject[] {
  return types.map((id) => ({ params: { id }, query: [...query, ...(widgetQueries[id]?.(world) ?? [])] }))
}

const projects = (world: World, ...named: Place[]) =>
  named.map((place) => ['project', projectId(world, place)] as const)
const filtered = ['jenkins-heatmap', 'run-aggregator', 'result-summary', 'result-aggregator', 'jenkins-job-view']

/** What widgets compute, for a named project and without one. */
export const widgetRequests: Readonly<Record<string, Prepare>> = {
  own: (world) => widgets(world, projects(world, 'ours')),
  foreign: (world) => widgets(world, projects(world, 'foreign')),
  unknown: (world) => widgets(world, [['project', unknown()]]),
  malformed: (world) => widgets(world, [['project', MALFORMED]], filtered),
  'foreign before own': (world) => widgets(world, projects(world, 'foreign', 'ours')),
  'own before foreign': (world) => widgets(world, projects(world, 'ours', 'foreign')),
  'without project': (world) => widgets(world, [], Object.keys(widgetQueries)),
  'content of every place': (world) => [
    ...places.flatMap((place) => widgets(world, [['additional_filters', `component=content-of-${place}`]], filtered)),
    ...places.map((place) => ({ params: { id: 'compare-runs-view' }, query: pair(`,component=content-of-${place}`) })),
  ],
  'a frame': () => ({ params: { id: 'accessibility-dashboard-view' } }),
  'unknown type': () => ({ params: { id: 'nothing' } }),
}
