// Generated from openapi/ by npm run generate. Do not edit.

import type { OperationId } from './operations.ts'
import type { components } from './types.ts'

/** A string's JSON: most need no escape, and the test is cheaper than the general printer. */
function text(value: string): string {
  return /["\\\u0000-\u001f\ud800-\udfff]/.test(value) ? JSON.stringify(value) : `"${value}"`
}

/** A number's JSON: what is no number in JSON is null. */
function number(value: number): string {
  return Number.isFinite(value) ? String(value) : 'null'
}

function list<T>(items: readonly T[], print: (item: T) => string): string {
  let out = ''
  for (const item of items) out += out === '' ? print(item) : `,${print(item)}`
  return `[${out}]`
}

function has(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
}

function serializeArtifact(value: components['schemas']['Artifact']): string {
  return (
    '{"id":' +
    text(value.id) +
    ',"result_id":' +
    (value.result_id === null ? 'null' : text(value.result_id)) +
    ',"run_id":' +
    (value.run_id === null ? 'null' : text(value.run_id)) +
    ',"filename":' +
    (value.filename === null ? 'null' : text(value.filename)) +
    ',"upload_date":' +
    text(value.upload_date) +
    ',"additional_metadata":' +
    value.additional_metadata +
    '}'
  )
}

function serializeArtifactList(value: components['schemas']['ArtifactList']): string {
  return (
    '{"artifacts":' +
    list(value.artifacts, serializeArtifact) +
    ',"pagination":' +
    serializePagination(value.pagination) +
    '}'
  )
}

function serializeDashboard(value: components['schemas']['Dashboard']): string {
  return (
    '{"id":' +
    text(value.id) +
    ',"title":' +
    (value.title === null ? 'null' : text(value.title)) +
    ',"description":' +
    (value.description === null ? 'null' : text(value.description)) +
    ',"filters":' +
    (value.filters === null ? 'null' : text(value.filters)) +
    ',"project_id":' +
    (value.project_id === null ? 'null' : text(value.project_id)) +
    ',"user_id":' +
    (value.user_id === null ? 'null' : text(value.user_id)) +
    '}'
  )
}

function serializeDashboardList(value: components['schemas']['DashboardList']): string {
  return (
    '{"dashboards":' +
    list(value.dashboards, serializeDashboard) +
    ',"pagination":' +
    serializePagination(value.pagination) +
    '}'
  )
}

function serializeDeleted(value: components['schemas']['Deleted']): string {
  return '"' + value + '"'
}

function serializeEmpty(_value: components['schemas']['Empty']): string {
  return '{}'
}

function serializeFilterParams(value: components['schemas']['FilterParams']): string {
  return list(value, (item) => text(item))
}

function serializeGroup(value: components['schemas']['Group']): string {
  return (
    '{"id":' +
    text(value.id) +
    ',"name":' +
    (value.name === null ? 'null' : text(value.name)) +
    ',"metadata":' +
    value.metadata +
    '}'
  )
}

function serializeGroupList(value: components['schemas']['GroupList']): string {
  return (
    '{"groups":' +
    list(value.groups, serializeGroup) +
    ',"pagination":' +
    serializePagination(value.pagination) +
    '}'
  )
}

function serializeHealth(value: components['schemas']['Health']): string {
  return (
    '{"status":' +
    text(value.status) +
    ',"message":' +
    text(value.message) +
    '}'
  )
}

function serializeHealthInfo(value: components['schemas']['HealthInfo']): string {
  return (
    '{"frontend":' +
    text(value.frontend) +
    ',"backend":' +
    text(value.backend) +
    ',"api_ui":' +
    text(value.api_ui) +
    '}'
  )
}

function serializeImport(value: components['schemas']['Import']): string {
  return (
    '{"id":' +
    text(value.id) +
    ',"filename":' +
    (value.filename === null ? 'null' : text(value.filename)) +
    ',"format":' +
    (value.format === null ? 'null' : text(value.format)) +
    ',"status":' +
    (value.status === null ? 'null' : text(value.status)) +
    ',"created":' +
    text(value.created) +
    ',"metadata":' +
    value.metadata +
    '}'
  )
}

function serializeImportList(value: components['schemas']['ImportList']): string {
  return (
    '{"imports":' +
    list(value.imports, serializeImport) +
    ',"pagination":' +
    serializePagination(value.pagination) +
    '}'
  )
}

function serializeLoginConfig(value: components['schemas']['LoginConfig']): string {
  let out = ''
  if (value.redirect_uri !== undefined) out += ',"redirect_uri":' + text(value.redirect_uri)
  if (value.scope !== undefined) out += ',"scope":' + text(value.scope)
  if (value.client_id !== undefined) out += ',"client_id":' + (value.client_id === null ? 'null' : text(value.client_id))
  if (value.app_id !== undefined) out += ',"app_id":' + (value.app_id === null ? 'null' : text(value.app_id))
  if (value.authorization_url !== undefined) out += ',"authorization_url":' + text(value.authorization_url)
  if (value.server_url !== undefined) out += ',"server_url":' + text(value.server_url)
  if (value.realm !== undefined) out += ',"realm":' + text(value.realm)
  if (value.icon !== undefined) out += ',"icon":' + text(value.icon)
  if (value.display_name !== undefined) out += ',"display_name":' + text(value.display_name)
  if (value.verify_ssl !== undefined) out += ',"verify_ssl":' + (value.verify_ssl ? 'true' : 'false')
  return '{' + out.slice(1) + '}'
}

function serializeLoginSupport(value: components['schemas']['LoginSupport']): string {
  return (
    '{"user":' +
    (value.user ? 'true' : 'false') +
    ',"keycloak":' +
    (value.keycloak ? 'true' : 'false') +
    ',"google":' +
    (value.google ? 'true' : 'false') +
    ',"github":' +
    (value.github ? 'true' : 'false') +
    ',"facebook":' +
    (value.facebook ? 'true' : 'false') +
    ',"gitlab":' +
    (value.gitlab ? 'true' : 'false') +
    '}'
  )
}

function serializeLoginToken(value: components['schemas']['LoginToken']): string {
  return (
    '{"name":' +
    (value.name === null ? 'null' : text(value.name)) +
    ',"email":' +
    text(value.email) +
    ',"token":' +
    text(value.token) +
    '}'
  )
}

function serializePagination(value: components['schemas']['Pagination']): string {
  return (
    '{"page":' +
    number(value.page) +
    ',"pageSize":' +
    number(value.pageSize) +
    ',"totalItems":' +
    number(value.totalItems) +
    ',"totalPages":' +
    number(value.totalPages) +
    '}'
  )
}

function serializeProject(value: components['schemas']['Project']): string {
  let out = (
    '{"id":' +
    text(value.id) +
    ',"name":' +
    (value.name === null ? 'null' : text(value.name)) +
    ',"title":' +
    (value.title === null ? 'null' : text(value.title)) +
    ',"owner_id":' +
    (value.owner_id === null ? 'null' : text(value.owner_id)) +
    ',"group_id":' +
    (value.group_id === null ? 'null' : text(value.group_id)) +
    ',"default_dashboard_id":' +
    (value.default_dashboard_id === null ? 'null' : text(value.default_dashboard_id)) +
    ',"users":' +
    list(value.users, serializeUser)
  )
  if (value.defaultDashboard !== undefined) out += ',"defaultDashboard":' + serializeDashboard(value.defaultDashboard)
  if (value.owner !== undefined) out += ',"owner":' + serializeUser(value.owner)
  return out + '}'
}

function serializeProjectList(value: components['schemas']['ProjectList']): string {
  return (
    '{"projects":' +
    list(value.projects, serializeProject) +
    ',"pagination":' +
    serializePagination(value.pagination) +
    '}'
  )
}

function serializeResult(value: components['schemas']['Result']): string {
  return (
    '{"id":' +
    text(value.id) +
    ',"test_id":' +
    (value.test_id === null ? 'null' : text(value.test_id)) +
    ',"start_time":' +
    text(value.start_time) +
    ',"duration":' +
    (value.duration === null ? 'null' : number(value.duration)) +
    ',"result":' +
    (value.result === null ? 'null' : '"' + value.result + '"') +
    ',"component":' +
    (value.component === null ? 'null' : text(value.component)) +
    ',"env":' +
    (value.env === null ? 'null' : text(value.env)) +
    ',"run_id":' +
    (value.run_id === null ? 'null' : text(value.run_id)) +
    ',"project_id":' +
    (value.project_id === null ? 'null' : text(value.project_id)) +
    ',"source":' +
    (value.source === null ? 'null' : text(value.source)) +
    ',"params":' +
    (value.params === null ? 'null' : value.params) +
    ',"metadata":' +
    value.metadata +
    '}'
  )
}

function serializeResultList(value: components['schemas']['ResultList']): string {
  return (
    '{"results":' +
    list(value.results, serializeResult) +
    ',"pagination":' +
    serializePagination(value.pagination) +
    '}'
  )
}

function serializeRun(value: components['schemas']['Run']): string {
  return (
    '{"id":' +
    text(value.id) +
    ',"created":' +
    text(value.created) +
    ',"start_time":' +
    text(value.start_time) +
    ',"duration":' +
    (value.duration === null ? 'null' : number(value.duration)) +
    ',"source":' +
    (value.source === null ? 'null' : text(value.source)) +
    ',"component":' +
    (value.component === null ? 'null' : text(value.component)) +
    ',"env":' +
    (value.env === null ? 'null' : text(value.env)) +
    ',"project_id":' +
    (value.project_id === null ? 'null' : text(value.project_id)) +
    ',"summary":' +
    (value.summary === null ? 'null' : value.summary) +
    ',"metadata":' +
    value.metadata +
    '}'
  )
}

function serializeRunList(value: components['schemas']['RunList']): string {
  return (
    '{"runs":' +
    list(value.runs, serializeRun) +
    ',"pagination":' +
    serializePagination(value.pagination) +
    '}'
  )
}

function serializeTaskAccepted(value: components['schemas']['TaskAccepted']): string {
  return (
    '{"task_id":' +
    text(value.task_id) +
    ',"message":' +
    text(value.message) +
    ',"query_endpoint":' +
    text(value.query_endpoint) +
    '}'
  )
}

function serializeTaskFailed(value: components['schemas']['TaskFailed']): string {
  return (
    '{"state":' +
    text(value.state) +
    ',"message":' +
    text(value.message) +
    ',"error":' +
    list(value.error, (item) => text(item)) +
    '}'
  )
}

function serializeTaskPending(value: components['schemas']['TaskPending']): string {
  return (
    '{"state":' +
    text(value.state) +
    ',"message":' +
    text(value.message) +
    '}'
  )
}

function serializeTaskState(value: components['schemas']['TaskState']): string {
  let out = (
    '{"state":' +
    text(value.state) +
    ',"message":' +
    text(value.message)
  )
  if (value.results !== undefined) out += ',"results":' + value.results
  if (value.runs !== undefined) out += ',"runs":' + value.runs
  if (value.pagination !== undefined) out += ',"pagination":' + serializePagination(value.pagination)
  return out + '}'
}

function serializeToken(value: components['schemas']['Token']): string {
  let out = (
    '{"id":' +
    text(value.id) +
    ',"name":' +
    text(value.name) +
    ',"token":' +
    text(value.token) +
    ',"expires":' +
    (value.expires === null ? 'null' : text(value.expires)) +
    ',"user_id":' +
    text(value.user_id)
  )
  if (value.default_project_id !== undefined) out += ',"default_project_id":' + text(value.default_project_id)
  return out + '}'
}

function serializeTokenList(value: components['schemas']['TokenList']): string {
  return (
    '{"tokens":' +
    list(value.tokens, serializeToken) +
    ',"pagination":' +
    serializePagination(value.pagination) +
    '}'
  )
}

function serializeUser(value: components['schemas']['User']): string {
  let out = (
    '{"id":' +
    text(value.id) +
    ',"email":' +
    text(value.email) +
    ',"name":' +
    (value.name === null ? 'null' : text(value.name)) +
    ',"is_superadmin":' +
    (value.is_superadmin ? 'true' : 'false') +
    ',"is_active":' +
    (value.is_active ? 'true' : 'false') +
    ',"group_id":' +
    (value.group_id === null ? 'null' : text(value.group_id))
  )
  if (value.projects !== undefined) out += ',"projects":' + list(value.projects, serializeProject)
  return out + '}'
}

function serializeUserList(value: components['schemas']['UserList']): string {
  return (
    '{"users":' +
    list(value.users, serializeUser) +
    ',"pagination":' +
    serializePagination(value.pagination) +
    '}'
  )
}

function serializeWidgetAnswer(value: components['schemas']['WidgetAnswer']): string {
  return (has(value, 'results') ? serializeWidgetCompareRunsView(value as components['schemas']['WidgetCompareRunsView']) : JSON.stringify(value))
}

function serializeWidgetCompareRunsView(value: components['schemas']['WidgetCompareRunsView']): string {
  return (
    '{"results":' +
    list(value.results, (item) => list(item, serializeResult)) +
    ',"pagination":' +
    serializeWidgetCompareRunsViewPagination(value.pagination) +
    '}'
  )
}

function serializeWidgetCompareRunsViewPagination(value: components['schemas']['WidgetCompareRunsView']['pagination']): string {
  return (
    '{"totalItems":' +
    number(value.totalItems) +
    '}'
  )
}

function serializeWidgetConfig(value: components['schemas']['WidgetConfig']): string {
  return (
    '{"id":' +
    text(value.id) +
    ',"navigable":' +
    (value.navigable === null ? 'null' : (value.navigable ? 'true' : 'false')) +
    ',"params":' +
    (value.params === null ? 'null' : value.params) +
    ',"project_id":' +
    (value.project_id === null ? 'null' : text(value.project_id)) +
    ',"dashboard_id":' +
    (value.dashboard_id === null ? 'null' : text(value.dashboard_id)) +
    ',"title":' +
    (value.title === null ? 'null' : text(value.title)) +
    ',"type":' +
    (value.type === null ? 'null' : text(value.type)) +
    ',"weight":' +
    (value.weight === null ? 'null' : number(value.weight)) +
    ',"widget":' +
    (value.widget === null ? 'null' : text(value.widget)) +
    '}'
  )
}

function serializeWidgetConfigList(value: components['schemas']['WidgetConfigList']): string {
  return (
    '{"widgets":' +
    list(value.widgets, serializeWidgetConfig) +
    ',"pagination":' +
    serializePagination(value.pagination) +
    '}'
  )
}

function serializeWidgetParam(value: components['schemas']['WidgetParam']): string {
  let out = (
    '{"name":' +
    text(value.name) +
    ',"description":' +
    text(value.description) +
    ',"type":' +
    text(value.type)
  )
  if (value.required !== undefined) out += ',"required":' + (value.required ? 'true' : 'false')
  if (value.default !== undefined) out += ',"default":' + JSON.stringify(value.default)
  return out + '}'
}

function serializeWidgetType(value: components['schemas']['WidgetType']): string {
  let out = (
    '{"id":' +
    text(value.id) +
    ',"title":' +
    text(value.title) +
    ',"params":' +
    list(value.params, serializeWidgetParam) +
    ',"type":' +
    text(value.type)
  )
  if (value.description !== undefined) out += ',"description":' + text(value.description)
  return out + '}'
}

function serializeWidgetTypeList(value: components['schemas']['WidgetTypeList']): string {
  return (
    '{"types":' +
    list(value.types, serializeWidgetType) +
    ',"pagination":' +
    serializePagination(value.pagination) +
    '}'
  )
}

/** How the table is read when the operation is known only at run time. */
export type Serializers = Readonly<Record<OperationId, Readonly<Record<number, (body: never) => string>>>>

export const serializers = {
  getHealth: {
    200: serializeHealth,
  },
  getReadiness: {
    200: serializeHealth,
    503: serializeHealth,
  },
  getDatabaseHealth: {
    200: serializeHealth,
  },
  getHealthInfo: {
    200: serializeHealthInfo,
  },
  login: {
    200: serializeLoginToken,
  },
  support: {
    200: serializeLoginSupport,
  },
  config: {
    200: serializeLoginConfig,
  },
  startLogin: {},
  authWithoutPrefix: {},
  auth: {},
  register: {
    201: serializeEmpty,
  },
  activate: {},
  recover: {
    201: serializeEmpty,
  },
  resetPassword: {
    201: serializeEmpty,
  },
  getCurrentUser: {
    200: serializeUser,
  },
  updateCurrentUser: {
    200: serializeUser,
  },
  getTokenList: {
    200: serializeTokenList,
  },
  addToken: {
    201: serializeToken,
  },
  getToken: {
    200: serializeToken,
  },
  deleteToken: {
    200: serializeDeleted,
  },
  getProjectList: {
    200: serializeProjectList,
  },
  addProject: {
    201: serializeProject,
  },
  getProject: {
    200: serializeProject,
  },
  updateProject: {
    200: serializeProject,
  },
  getFilterParams: {
    200: serializeFilterParams,
  },
  getGroupList: {
    200: serializeGroupList,
  },
  addGroup: {
    201: serializeGroup,
  },
  getGroup: {
    200: serializeGroup,
  },
  updateGroup: {
    200: serializeGroup,
  },
  getRunList: {
    200: serializeRunList,
    201: serializeTaskAccepted,
  },
  addRun: {
    201: serializeRun,
  },
  getRun: {
    200: serializeRun,
  },
  updateRun: {
    200: serializeRun,
  },
  bulkUpdate: {
    200: serializeRunList,
  },
  getResultList: {
    200: serializeResultList,
    201: serializeTaskAccepted,
  },
  addResult: {
    201: serializeResult,
  },
  getResult: {
    200: serializeResult,
  },
  updateResult: {
    200: serializeResult,
  },
  getArtifactList: {
    200: serializeArtifactList,
  },
  uploadArtifact: {
    201: serializeArtifact,
  },
  getArtifact: {
    200: serializeArtifact,
  },
  deleteArtifact: {
    200: serializeDeleted,
  },
  viewArtifact: {},
  downloadArtifact: {},
  getImportList: {
    200: serializeImportList,
  },
  addImport: {
    201: serializeImport,
  },
  getImport: {
    200: serializeImport,
    202: serializeImport,
  },
  getTask: {
    200: serializeTaskState,
    203: serializeTaskFailed,
    206: serializeTaskPending,
  },
  getDashboardList: {
    200: serializeDashboardList,
  },
  addDashboard: {
    201: serializeDashboard,
  },
  getDashboard: {
    200: serializeDashboard,
  },
  updateDashboard: {
    200: serializeDashboard,
  },
  deleteDashboard: {
    200: serializeDeleted,
  },
  getWidgetConfigList: {
    200: serializeWidgetConfigList,
  },
  addWidgetConfig: {
    201: serializeWidgetConfig,
  },
  getWidgetConfig: {
    200: serializeWidgetConfig,
  },
  updateWidgetConfig: {
    200: serializeWidgetConfig,
  },
  deleteWidgetConfig: {
    200: serializeDeleted,
  },
  getWidgetTypes: {
    200: serializeWidgetTypeList,
  },
  getWidget: {
    200: serializeWidgetAnswer,
  },
  adminGetUserList: {
    200: serializeUserList,
  },
  adminAddUser: {
    201: serializeUser,
  },
  adminGetUser: {
    200: serializeUser,
  },
  adminUpdateUser: {
    200: serializeUser,
  },
  adminDeleteUser: {
    200: serializeDeleted,
  },
  adminGetProjectList: {
    200: serializeProjectList,
  },
  adminAddProject: {
    201: serializeProject,
  },
  adminGetProject: {
    200: serializeProject,
  },
  adminUpdateProject: {
    200: serializeProject,
  },
  adminDeleteProject: {
    200: serializeDeleted,
  },
  runTask: {},
} as const satisfies Serializers
