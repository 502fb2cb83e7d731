import type { OperationHandlers } from '../../../generated/handlers.ts'
import type { components } from '../../../generated/types.ts'
import type { Extras } from '../../access/access-table.ts'
import type { AppContext } from '../../context.ts'
import { findOwnTask } from './task-service.ts'

type Handlers = Pick<OperationHandlers<AppContext, Extras>, 'getTask'>
type Pagination = components['schemas']['Pagination']

export const taskHandlers: Handlers = {
  // The states and texts are the reference's (jobs.md 10).
  async getTask(ctx, { params, caller }) {
    const task = await findOwnTask(ctx, caller, params.id)
    if (task?.state === 'done') {
      const { runs, results, pagination } = task
      const body = {
        state: 'SUCCESS',
        message: 'Task has succeeded',
        ...(results === null ? {} : { results }),
        ...(runs === null ? {} : { runs }),
        ...(pagination === null ? {} : { pagination: JSON.parse(pagination) as Pagination }),
      }
      return { status: 200, body }
    }
    if (task?.state === 'failed') {
      const error = (task.error ?? '').split('\n')
      return { status: 203, body: { state: 'FAILURE', message: 'Task has failed!', error } }
    }
    if (task?.state === 'running') {
      const message = 'Task has started but is still running, check back later'
      return { status: 206, body: { state: 'STARTED', message } }
    }
    if (task && task.attempts > 0) {
      return { status: 206, body: { state: 'RETRY', message: 'Task has been retried, possibly due to failure' } }
    }
    const message = 'Task not yet started or invalid, check back later'
    return { status: 206, body: { state: 'PENDING', message } }
  },
}
