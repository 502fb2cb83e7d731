import cluster from 'node:cluster'
import { createLog } from '../logging/process-log.ts'
import { ExitError, exitCodes } from '../supervisor/exit-codes.ts'
import type { ChildRole } from '../supervisor/messages.ts'
import { linkToSupervisor, type SupervisorLink } from './supervisor-link.ts'

/*
 * A child of the supervisor.
 *
 * It loads its code at once, while the supervisor still prepares the database, and waits for its assignment; then it
 * opens what it needs, says `ready`, works until `drain`, and exits with 0. A child that cannot do its work says
 * `failed` and exits with the code that says why.
 */

/** Starts the work of a role. Resolves when it is ready, with the way to end it. */
export type RoleProcess = (link: SupervisorLink) => Promise<void>

const roles: Readonly<Record<ChildRole, () => Promise<RoleProcess>>> = {
  web: async () => (await import('./web-process.ts')).runWeb,
  job: async () => (await import('./job-process.ts')).runJob,
  prepare: async () => (await import('./prepare-process.ts')).runPrepare,
}

/** Runs the child that the supervisor forked for this role. */
export async function runChild(role: ChildRole): Promise<void> {
  // Or cluster would end the process at once when the supervisor dies, with the requests that are under way.
  cluster.worker?.once('disconnect', () => {
    if (cluster.worker) cluster.worker.exitedAfterDisconnect = true
  })
  process.title = `ibutsu ${role}`
  const link = linkToSupervisor()
  try {
    const run = await roles[role]()
    await run(link)
  } catch (error) {
    await fail(link, error)
  }
}

async function fail(link: SupervisorLink, error: unknown): Promise<void> {
  const known = error instanceof ExitError
  const code = known ? error.code : exitCodes.unexpected
  if (!known) {
    const { config } = await link.assignment
    createLog(config).error({ err: error }, 'this process could not start')
  }
  const message = error instanceof Error ? error.message : String(error)
  // The message must be out before the end; a supervisor that is gone needs none.
  setTimeout(() => process.exit(code), 1_000)
  link.send({ type: 'failed', message, code }, () => process.exit(code))
}
