import { randomUUID } from 'node:crypto'
import { buildOf, markOf, type Place, type World } from './world.ts'

/*
 * Things in the places of a world, written to the database as they are: nothing here asks the server whether that is
 * allowed. All give the new row's id.
 */

export async function addRun(world: World, place: Place): Promise<string> {
  const mark = markOf(place)
  return insert(world, 'runs', place, {
    project_id: world.projects[place],
    data: JSON.stringify({
      project: place,
      jenkins: { job_name: 'nightly', build_number: buildOf(place), build_url: mark },
      tags: [mark],
    }),
    env: mark,
    component: mark,
    source: mark,
    start_time: now(),
    created: now(),
    duration: 1,
    summary: JSON.stringify({
      tests: Number(buildOf(place)),
      failures: 0,
      errors: 0,
      skips: 0,
      xfailures: 0,
      xpasses: 0,
    }),
  })
}

export async function addResult(
  world: World,
  place: Place,
  { runId = null, result = 'passed' }: { readonly runId?: string | null; readonly result?: string } = {},
): Promise<string> {
  const mark = markOf(place)
  return insert(world, 'results', place, {
    project_id: world.projects[place],
    run_id: runId,
    test_id: mark,
    result,
    data: JSON.stringify({
      fspath: mark,
      [mark]: mark,
      importance: 'high',
      jenkins: { job_name: 'nightly', build_number: buildOf(place) },
    }),
    params: JSON.stringify({ n: mark }),
    duration: 1,
    start_time: now(),
    source: mark,
    env: mark,
    component: mark,
  })
}

/** An artifact of a result (its own when none is named) or of a run. */
export async function addArtifact(
  world: World,
  place: Place,
  of: { readonly resultId?: string; readonly runId?: string } = {},
): Promise<string> {
  const resultId = of.runId ? null : (of.resultId ?? (await addResult(world, place)))
  return insert(world, 'artifacts', `${place} ${of.runId ? 'run' : 'result'}`, {
    content: Buffer.from(markOf(place)),
    result_id: resultId,
    run_id: of.runId ?? null,
    filename: `${markOf(place)}.txt`,
    data: '{}',
    upload_date: now(),
  })
}

/** An accessibility report of a run, whose numbers are those of the place. */
export async function addReport(world: World, place: Place, runId: string): Promise<string> {
  return insert(world, 'artifacts', `${place} run`, {
    content: Buffer.from(`passes: ${buildOf(place)}\nviolations: ${buildOf(place)}\n`),
    run_id: runId,
    filename: 'axe_run_data.yaml',
    data: '{}',
    upload_date: now(),
  })
}

/** An import; without a project it belongs to who sent it, if that is known. */
export async function addImport(world: World, place: Place, sender: string | null = null, name: string = place) {
  const project = world.projects[place]
  const id = await insert(world, 'imports', name, {
    filename: `${markOf(place)}.xml`,
    format: '',
    data: JSON.stringify({ ...(project ? { project_id: project } : {}), metadata: null, source: markOf(place) }),
    status: 'done',
    created: now(),
  })
  if (sender) await insertRow(world, 'import_owners', { import_id: id, user_id: sender })
  return id
}

export async function addDashboard(world: World, place: Place): Promise<string> {
  const mark = markOf(place)
  return insert(world, 'dashboards', place, {
    title: mark,
    description: mark,
    filters: '',
    project_id: world.projects[place],
  })
}

export async function addWidget(world: World, place: Place, dashboardId: string | null = null): Promise<string> {
  const row = { project_id: world.projects[place], dashboard_id: dashboardId, title: markOf(place), type: 'widget' }
  return insert(world, 'widget_configs', place, { ...row, weight: 1, widget: 'result-summary', params: '{}' })
}

/** A project that nothing else belongs to. */
export async function addProject(world: World, owner: string): Promise<string> {
  return insert(world, 'projects', 'spare', { name: 'spare', title: 'spare', owner_id: owner })
}

export async function addGroup(world: World): Promise<string> {
  return insert(world, 'groups', 'shared', { name: 'a group', data: '{}' })
}

/** An API token; nobody ever sends it. */
export async function addToken(world: World, userId: string, name: string): Promise<string> {
  return insert(world, 'tokens', name, { name, token: randomUUID(), user_id: userId })
}

/** A page that somebody asked for, and that is there. */
export async function addTask(world: World, userId: string): Promise<string> {
  const result = { runs: [], pagination: { page: 1, pageSize: 600, totalItems: 0, totalPages: 0 } }
  const row = { name: 'query-page', state: 'done', owner_id: userId, finished: now(), result: JSON.stringify(result) }
  return insert(world, 'jobs', 'tasks', row)
}

/** An account, active, with a code from a mail. */
export async function addUser(world: World): Promise<{ id: string; email: string; code: string }> {
  const email = `${randomUUID()}@example.com`
  const code = Buffer.from(randomUUID()).toString('base64url')
  const row = { email, name: 'somebody', activation_code: code, is_superadmin: false, is_active: true }
  return { id: await insert(world, 'users', 'accounts', row), email, code }
}

async function insert(world: World, table: string, name: string, row: Record<string, unknown>): Promise<string> {
  const id = randomUUID()
  await insertRow(world, table, { id, ...row })
  const made = world.made.get(table) ?? new Map<string, string>()
  world.made.set(table, made.set(id, name))
  return id
}

async function insertRow(world: World, table: string, row: Record<string, unknown>): Promise<void> {
  const names = Object.keys(row)
  await world.server.ctx.db.query({
    text: `insert into ${table} (${names.join(', ')}) values (${names.map((_name, n) => `$${n + 1}`).join(', ')})`,
    values: Object.values(row),
  })
}

const now = () => new Date().toISOString().slice(0, 23)
