import type { Kind, World } from './world.ts'

/** Paths whose `{id}` is of a kind. */
const paths: Readonly<Record<Kind, readonly string[]>> = {
  user: ['/admin/user/{id}'],
  group: ['/group/{id}'],
  project: ['/project/{id}', '/project/filter-params/{id}', '/admin/project/{id}'],
  run: ['/run/{id}'],
  result: ['/result/{id}'],
  artifact: ['/artifact/{id}', '/artifact/{id}/view', '/artifact/{id}/download'],
  import: ['/import/{id}'],
  dashboard: ['/dashboard/{id}'],
  widget: ['/widget-config/{id}'],
  token: ['/user/token/{id}'],
  task: ['/task/{id}'],
}

/** Where else an id, or a value that finds something, may stand. */
const anywhere: Readonly<Record<string, string>> = {
  'body.project_id': 'project',
  'body.group_id': 'group',
  'body.owner_id': 'user',
  'body.user_id': 'user',
  'body.dashboard_id': 'dashboard',
  'body.default_dashboard_id': 'dashboard',
  'body.run_id': 'run',
  'body.runId': 'run',
  'body.resultId': 'result',
  'body.project': 'project',
  'query.resultId': 'result',
  'query.runId': 'run',
  'query.project': 'project',
  'query.project_id': 'project',
  'query.ownerId': 'user',
  'query.groupId': 'group',
  'query.run_id': 'run',
  'query.group_field': 'fields',
  'query.job_name': 'jobs',
}

const words = {
  fields: ['component', 'env', 'result', 'metadata.jenkins.build_number', 'metadata.tags', 'start_time'],
  jobs: ['nightly'],
  filters: [
    'component=checkout',
    'env*stage;qa',
    'result!failed',
    'metadata.jenkins.build_number>400',
    'metadata.tags*a',
    'duration)0.5',
    'start_time>2020-01-01',
    'source@y',
    'name%web',
    'project_id=7c1f6a52-3f0e-4b1a-9d2c-5a8e41f7b903',
  ],
}

/** A configuration file for schemathesis: half of the ids lead to something, and half of the filters fit. */
export function printSettings(world: World, hooks: string): string {
  // The check ignored_auth looks at tokens; made-up ones elsewhere would only end each request with 401.
  const lines = [
    `hooks = ${quote(hooks)}`,
    '[generation]',
    'with-security-parameters = false',
    // The spec's own links: with the thousand that can be inferred, few sequences get beyond their first step.
    '[phases.stateful]',
    'max-steps = 10',
    'inference = { algorithms = [] }',
    '[auth.openapi]',
    `bearer = { bearer = ${quote(world.token)} }`,
  ]
  for (const [name, values] of Object.entries({ ...world.ids, ...words })) {
    lines.push(`[dictionaries.${name}]`, `values = ${quote(values)}`)
  }
  lines.push('[parameters]')
  for (const [place, name] of Object.entries(anywhere)) lines.push(`${quote(place)} = ${bind(name, 0.5)}`)
  for (const [kind, templates] of Object.entries(paths)) {
    lines.push('[[operations]]', `include-path = ${quote(templates)}`)
    lines.push(`parameters = { "path.id" = ${bind(kind, 0.7)} }`)
  }
  lines.push(
    '[[operations]]',
    'include-method = "GET"',
    `include-path = ${quote(['/run', '/result', '/project', '/group'])}`,
  )
  lines.push(`generation = { dictionaries = { string = ${bind('filters', 0.5)} } }`)
  return `${lines.join('\n')}\n`
}

const bind = (dictionary: string, probability: number) =>
  `{ dictionary = ${quote(dictionary)}, probability = ${probability} }`

/** What JSON and TOML write alike. */
const quote = (value: string | readonly string[]) => JSON.stringify(value)
