import type { OperationHandlers } from '../../generated/handlers.ts'
import type { Extras } from '../access/access-table.ts'
import type { AppContext } from '../context.ts'
import { adminProjectHandlers } from '../features/admin-project/admin-project-handlers.ts'
import { adminTaskHandlers } from '../features/admin-task/admin-task-handlers.ts'
import { adminUserHandlers } from '../features/admin-user/admin-user-handlers.ts'
import { artifactHandlers } from '../features/artifact/artifact-handlers.ts'
import { dashboardHandlers } from '../features/dashboard/dashboard-handlers.ts'
import { groupHandlers } from '../features/group/group-handlers.ts'
import { healthHandlers } from '../features/health/health-handlers.ts'
import { importHandlers } from '../features/import/import-handlers.ts'
import { loginHandlers } from '../features/login/login-handlers.ts'
import { projectHandlers } from '../features/project/project-handlers.ts'
import { resultHandlers } from '../features/result/result-handlers.ts'
import { runHandlers } from '../features/run/run-handlers.ts'
import { taskHandlers } from '../features/task/task-handlers.ts'
import { userHandlers } from '../features/user/user-handlers.ts'
import { widgetHandlers } from '../features/widget/widget-handlers.ts'
import { widgetConfigHandlers } from '../features/widget-config/widget-config-handlers.ts'

/** Every operation of the spec; a missing or an extra one does not compile. */
export const handlers: OperationHandlers<AppContext, Extras> = {
  ...adminProjectHandlers,
  ...adminTaskHandlers,
  ...adminUserHandlers,
  ...artifactHandlers,
  ...dashboardHandlers,
  ...groupHandlers,
  ...healthHandlers,
  ...importHandlers,
  ...loginHandlers,
  ...projectHandlers,
  ...resultHandlers,
  ...runHandlers,
  ...taskHandlers,
  ...userHandlers,
  ...widgetConfigHandlers,
  ...widgetHandlers,
}
