import type { OperationRequests } from '../../generated/handlers.ts'
import type { OperationId } from '../../generated/operations.ts'
import { artifactOfPath, ownerOfNewArtifact } from '../features/artifact/artifact-access.ts'
import {
  dashboardOfPath,
  dashboardToChange,
  dashboardToDelete,
  projectOfDashboardList,
  projectOfNewDashboard,
} from '../features/dashboard/dashboard-access.ts'
import { importOfPath } from '../features/import/import-access.ts'
import { projectForFilterParams, projectOfPath } from '../features/project/project-access.ts'
import { placeOfNewResult, placeOfResultUpdate, resultOfPath } from '../features/result/result-access.ts'
import { projectOfNewRun, projectOfRunUpdate, runOfPath } from '../features/run/run-access.ts'
import { defaultProjectOfNewToken, tokenOfPath, tokenToDelete } from '../features/user/token-access.ts'
import { scopeOfWidget } from '../features/widget/widget-access.ts'
import {
  placeOfWidget,
  placeOfWidgetUpdate,
  widgetConfigOfPath,
} from '../features/widget-config/widget-config-access.ts'
import { superadminOfBody } from './body-token.ts'
import {
  type AccessRule,
  account,
  anonymous,
  type CallerOf,
  member,
  memberByStatement,
  memberOrShared,
  owner,
  ownProjects,
  ownThings,
  superadmin,
} from './rules.ts'

/**
 * Who may do what: one row per operation (contract/access.md 5 with R2 and the deviations). The dispatcher applies it
 * before the handler runs; handlers never decide. What a row finds on its way is the handler's `subject`.
 */
export const accessTable = {
  getHealth: anonymous,
  getReadiness: anonymous,
  getDatabaseHealth: account,
  getHealthInfo: account,

  login: anonymous,
  support: anonymous,
  config: anonymous,
  auth: anonymous,
  authWithoutPrefix: anonymous,
  startLogin: anonymous,
  register: anonymous,
  recover: anonymous,
  resetPassword: anonymous,
  activate: anonymous,

  getCurrentUser: account,
  updateCurrentUser: account,
  getTokenList: account,
  addToken: memberOrShared(defaultProjectOfNewToken),
  getToken: ownThings(tokenOfPath),
  deleteToken: ownThings(tokenToDelete),

  adminGetUserList: superadmin,
  adminAddUser: superadmin,
  adminGetUser: superadmin,
  adminUpdateUser: superadmin,
  adminDeleteUser: superadmin,
  adminGetProjectList: superadmin,
  adminAddProject: superadmin,
  adminGetProject: superadmin,
  adminUpdateProject: superadmin,
  adminDeleteProject: superadmin,
  runTask: superadminOfBody,

  getProjectList: ownProjects,
  addProject: account,
  getProject: member(projectOfPath, 'unauthorized'),
  updateProject: owner(projectOfPath),
  getFilterParams: member(projectForFilterParams),

  getGroupList: account,
  addGroup: account,
  getGroup: account,
  updateGroup: account,

  getRunList: ownProjects,
  addRun: member(projectOfNewRun),
  getRun: member(runOfPath),
  updateRun: member(projectOfRunUpdate),
  bulkUpdate: ownProjects,

  getResultList: ownProjects,
  addResult: member(placeOfNewResult),
  getResult: member(resultOfPath),
  updateResult: member(placeOfResultUpdate),

  getArtifactList: ownProjects,
  uploadArtifact: memberByStatement(ownerOfNewArtifact),
  getArtifact: member(artifactOfPath),
  deleteArtifact: member(artifactOfPath),
  viewArtifact: member(artifactOfPath),
  downloadArtifact: member(artifactOfPath),

  getImportList: ownProjects,
  // Its project stands in the streamed form: the service asks (imports.md 1).
  addImport: account,
  getImport: ownThings(importOfPath),

  getTask: account,

  getDashboardList: memberOrShared(projectOfDashboardList),
  addDashboard: memberOrShared(projectOfNewDashboard),
  getDashboard: memberOrShared(dashboardOfPath),
  updateDashboard: memberOrShared(dashboardToChange),
  deleteDashboard: memberOrShared(dashboardToDelete),
  getWidgetTypes: account,
  getWidget: memberOrShared(scopeOfWidget),
  getWidgetConfigList: ownProjects,
  addWidgetConfig: memberOrShared(placeOfWidget),
  getWidgetConfig: memberOrShared(widgetConfigOfPath),
  updateWidgetConfig: memberOrShared(placeOfWidgetUpdate),
  deleteWidgetConfig: memberOrShared(widgetConfigOfPath),
} as const satisfies {
  [Op in OperationId]:
    | AccessRule<'anonymous', OperationRequests[Op], unknown>
    | AccessRule<'account', OperationRequests[Op], unknown>
    | AccessRule<'member', OperationRequests[Op], unknown>
    | AccessRule<'owner', OperationRequests[Op], unknown>
    | AccessRule<'superadmin', OperationRequests[Op], unknown>
}

type Table = typeof accessTable

/**
 * What the dispatcher adds to each operation's request: caller (null when anonymous), subject, the client's address, the
 * Cookie header (only logins at a provider look at it).
 */
export type Extras = {
  [Op in OperationId]: {
    readonly caller: CallerOf<Table[Op]['who']>
    readonly client: string
    readonly cookie: string | undefined
    readonly subject: Awaited<ReturnType<Table[Op]['resolve']>>
  }
}
