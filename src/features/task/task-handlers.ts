import type { OperationHandlers } from '../../../generated/handlers.ts'
import type { Extras } from '../../access/access-table.ts'
import type { AppContext } from '../../context.ts'

type Handlers = Pick<OperationHandlers<AppContext, Extras>, 'getTask'>

export const taskHandlers: Handlers = {
  // No operation makes a task yet, so every id is one that is not known (jobs.md 10).
  async getTask() {
    return {
      status: 206,
      body: { state: 'PENDING', message: 'Task not yet started or invalid, check back later' },
    }
  },
}
