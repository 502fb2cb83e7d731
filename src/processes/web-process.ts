import { systemClock } from '../context.ts'
import { createApp } from '../http/app.ts'
import { createWebServer } from '../http/listen.ts'
import { recountPaces } from '../jobs/recount-schedule.ts'
import { createLog } from '../logging/process-log.ts'
import { openContext } from '../open-context.ts'
import { createFinish } from './finish.ts'
import type { SupervisorLink } from './supervisor-link.ts'
import { startWatchdog } from './watchdog.ts'
import { webTimeouts } from './web-timeouts.ts'

/** A web worker: serves the connections that the supervisor hands over. The pools close last. */
export async function runWeb(link: SupervisorLink): Promise<void> {
  const { config, databaseUrl } = await link.assignment
  const log = createLog(config, 'web')
  const { ctx, close } = await openContext(config, databaseUrl, log, systemClock, 'web', recountPaces.besideWorker)
  const web = createWebServer(await createApp(ctx), webTimeouts(config))
  link.onServerDraining(() => {
    ctx.lifecycle.draining = true
  })
  const finish = createFinish(close)
  link.onDrain((graceMs) => void web.drain(graceMs).then(finish))
  link.onConnection(web.take)
  link.beat(web.requests)
  link.send({ type: 'ready' })
  startWatchdog(log)
}
