import { byId, MALFORMED, projectId, type Requests, type Subject, unknown } from './requests.ts'
import { addDashboard, addGroup, addProject, addWidget } from './rows.ts'
import type { Place, World } from './world.ts'

/** The projects of the world themselves. */
const project = (rest: Subject = {}) => byId(async (world, place) => projectId(world, place), rest)
/** A project that may go. */
const spareProject = byId((world, place) => addProject(world, place === 'ours' ? world.users.owner : world.users.other))
const defaultDashboard = async (world: World, dashboardId: string): Promise<Subject> => ({
  params: { id: projectId(world, 'ours') },
  json: { default_dashboard_id: dashboardId },
})

const dashboard = byId(addDashboard)
const freeDashboard = async (world: World) => ({ params: { id: await addDashboard(world, 'none') } })
const newDashboard = (json: object): Subject => ({ json: { title: 'new', ...json } })
const changeDashboard = async (world: World, place: Place, json: object): Promise<Subject> => ({
  params: { id: await addDashboard(world, place) },
  json,
})

const widget = byId((world, place) => addWidget(world, place))
const freeWidget = async (world: World) => ({ params: { id: await addWidget(world, 'none') } })
const newWidget = (json: object): Subject => ({ json: { widget: 'result-summary', title: 'new', ...json } })
const changeWidget = async (world: World, place: Place, json: object): Promise<Subject> => ({
  params: { id: await addWidget(world, place) },
  json,
})

/** Projects, groups, dashboards and placed widgets. */
export const boardRequests: Requests = {
  addProject: {
    '-': () => ({ json: { name: 'new', title: 'new' } }),
    'id of a foreign project': (world) => ({ json: { name: 'new', id: projectId(world, 'foreign') } }),
    'owned by somebody else': (world) => ({ json: { name: 'new', owner_id: world.users.other } }),
    'default dashboard foreign': async (world) => ({
      json: { name: 'new', default_dashboard_id: await addDashboard(world, 'foreign') },
    }),
  },
  getProject: project(),
  updateProject: {
    ...project({ json: { title: 'content-of-ours' } }),
    'default dashboard own': async (world) => defaultDashboard(world, await addDashboard(world, 'ours')),
    'default dashboard foreign': async (world) => defaultDashboard(world, await addDashboard(world, 'foreign')),
    'default dashboard unknown': (world) => defaultDashboard(world, unknown()),
  },
  getFilterParams: project(),

  adminAddProject: { '-': () => ({ json: { name: 'new', title: 'new' } }) },
  adminGetProject: project(),
  adminUpdateProject: project({ json: {} }),
  adminDeleteProject: spareProject,

  addGroup: { '-': () => ({ json: { name: 'new' } }) },
  getGroup: byId(addGroup),
  updateGroup: byId(addGroup, { json: { name: 'changed' } }),

  addDashboard: {
    own: (world) => newDashboard({ project_id: projectId(world, 'ours') }),
    foreign: (world) => newDashboard({ project_id: projectId(world, 'foreign') }),
    unknown: () => newDashboard({ project_id: unknown() }),
    malformed: () => newDashboard({ project_id: MALFORMED }),
    'foreign by metadata': () => newDashboard({ metadata: { project: 'foreign' } }),
    'without project': () => newDashboard({}),
    'id of a foreign dashboard': async (world) =>
      newDashboard({ id: await addDashboard(world, 'foreign'), project_id: projectId(world, 'ours') }),
  },
  getDashboard: { ...dashboard, 'without project': freeDashboard },
  updateDashboard: {
    ...byId(addDashboard, { json: { title: 'content' } }),
    'without project': (world) => changeDashboard(world, 'none', { title: 'content' }),
    'own to foreign': (world) => changeDashboard(world, 'ours', { project_id: projectId(world, 'foreign') }),
    'own to unknown': (world) => changeDashboard(world, 'ours', { project_id: unknown() }),
    'foreign to own': (world) => changeDashboard(world, 'foreign', { project_id: projectId(world, 'ours') }),
    'own with foreign metadata': (world) => changeDashboard(world, 'ours', { metadata: { project: 'foreign' } }),
  },
  deleteDashboard: {
    ...dashboard,
    'without project': freeDashboard,
    'without project and with a foreign widget': async (world) => {
      const { params } = await freeDashboard(world)
      await addWidget(world, 'foreign', params.id)
      return { params }
    },
    'without project and the default of a foreign project': async (world) => {
      const { params } = await freeDashboard(world)
      const id = await addProject(world, world.users.other)
      const text = 'update projects set default_dashboard_id = $2 where id = $1'
      await world.server.ctx.db.query({ text, values: [id, params.id] })
      return { params }
    },
  },

  addWidgetConfig: {
    own: (world) => newWidget({ project_id: projectId(world, 'ours') }),
    foreign: (world) => newWidget({ project_id: projectId(world, 'foreign') }),
    unknown: () => newWidget({ project_id: unknown() }),
    malformed: () => newWidget({ project_id: MALFORMED }),
    'own by project': () => newWidget({ project: 'ours' }),
    'foreign by project': () => newWidget({ project: 'foreign' }),
    'own by project and foreign by project_id': (world) =>
      newWidget({ project: 'ours', project_id: projectId(world, 'foreign') }),
    'foreign dashboard': async (world) =>
      newWidget({ project_id: projectId(world, 'ours'), dashboard_id: await addDashboard(world, 'foreign') }),
    'foreign dashboard and no project': async (world) =>
      newWidget({ dashboard_id: await addDashboard(world, 'foreign') }),
    'unknown dashboard': () => newWidget({ dashboard_id: unknown() }),
    'without project': () => newWidget({}),
    'id of a foreign widget': async (world) =>
      newWidget({ id: await addWidget(world, 'foreign'), project_id: projectId(world, 'ours') }),
  },
  getWidgetConfig: { ...widget, 'without project': freeWidget },
  updateWidgetConfig: {
    ...byId((world, place) => addWidget(world, place), { json: { weight: 2 } }),
    'without project': (world) => changeWidget(world, 'none', { weight: 2 }),
    'own to foreign': (world) => changeWidget(world, 'ours', { project_id: projectId(world, 'foreign') }),
    'own to foreign by project': (world) => changeWidget(world, 'ours', { project: 'foreign' }),
    'own to unknown': (world) => changeWidget(world, 'ours', { project_id: unknown() }),
    'own to foreign dashboard': async (world) =>
      changeWidget(world, 'ours', { dashboard_id: await addDashboard(world, 'foreign') }),
    'foreign to own': (world) => changeWidget(world, 'foreign', { project: 'ours' }),
  },
  deleteWidgetConfig: { ...widget, 'without project': freeWidget },
  getWidgetTypes: { '-': () => ({}) },
}
