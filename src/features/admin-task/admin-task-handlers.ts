import type { OperationHandlers } from '../../../generated/handlers.ts'
import type { Extras } from '../../access/access-table.ts'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { newId } from '../../ids/uuid.ts'
import { enqueueJob } from '../../jobs/enqueue-job.ts'
import { isRecord } from '../../json/json-record.ts'
import { startableTasks } from './task-list.ts'

type Handlers = Pick<OperationHandlers<AppContext, Extras>, 'runTask'>

export const adminTaskHandlers: Handlers = {
  async runTask(ctx, { body, subject: caller }) {
    const { task: name, params = {} }: { task?: unknown; params?: unknown } = body
    // Not one dot, or parameters that don't fit: the reference breaks, so it is the caller's to mend (jobs.md 11).
    if (typeof name !== 'string' || name.split('.').length !== 2) throw fail('bad_request')
    const task = Object.hasOwn(startableTasks, name) ? startableTasks[name] : undefined
    if (!task) throw fail('not_found')
    const payload = isRecord(params) ? task.payload(params) : null
    if (!payload) throw fail('bad_request')
    const id = newId()
    await ctx.db.transaction((tx) => enqueueJob(tx, { id, name: task.job, payload, ownerId: caller.id }))
    ctx.jobs.wake()
    return { status: 202, type: 'text/html; charset=utf-8', body: 'Accepted' }
  },
}
