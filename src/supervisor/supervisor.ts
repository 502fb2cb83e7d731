import cluster from 'node:cluster'
import { setFlagsFromString } from 'node:v8'
import type { Logger } from 'pino'
import { bindAddress, type Config } from '../config.ts'
import { type Arbiter, createArbiter, type Ending } from './arbiter.ts'
import { type ConnectionQueue, createConnectionQueue } from './connection-queue.ts'
import { ExitError } from './exit-codes.ts'
import { createHandOver, type HandOver } from './hand-over.ts'
import { type Listener, openListener } from './listener.ts'
import { openSupervisorMetrics } from './metrics.ts'
import { writePidFile } from './pid-file.ts'
import { makePlan, type Plan } from './plan.ts'
import { type Preparation, startPreparation } from './prepare.ts'
import type { Command, SignalQueue } from './signals.ts'
import { type Inheritance, whenAlone } from './takeover.ts'

/*
 * From the first process to the last.
 *
 *   preparing   the workers load their code, another process brings the database up to date
 *   serving     the socket listens, the arbiter keeps the workers, signals are obeyed
 *   stopping    nothing is accepted, workers drain (arbiter.ts)
 *
 * A stop that is asked for while preparing ends at once. The embedded database, which the workers need to the very end,
 * is stopped by the caller when this has returned.
 */

export interface SupervisorOptions {
  readonly config: Config
  readonly log: Logger
  readonly signals: SignalQueue
  readonly inheritance: Inheritance
  /** Of the embedded database; then there is no hand-over. */
  readonly embeddedUrl?: string | undefined
  /** Reads the settings again. @throws ConfigError */
  readonly readConfig: () => Promise<Config>
  /** It listens, at this address. */
  readonly onListening?: (address: string) => void
}

/**
 * Runs the server until it is told to stop or cannot go on.
 *
 * @throws ExitError when it cannot start.
 */
export async function runSupervisor(options: SupervisorOptions): Promise<Ending> {
  const { config, log, inheritance } = options
  // What it makes lives for milliseconds. V8 would let the space for that grow to 48 MB; looked at whenever it would.
  setFlagsFromString('--semi-space-growth-factor=1')
  const plan = makePlan(config, options.embeddedUrl)
  log.info(`Starting Ibutsu (pid ${process.pid})`)
  const successor = inheritance.predecessor !== undefined
  const pidFile = config.pidFile ? writePidFile(config.pidFile, { successor }) : undefined
  if (inheritance.predecessor) whenAlone(inheritance.predecessor, () => pidFile?.promote())
  try {
    return await prepareAndServe(options, plan)
  } finally {
    pidFile?.remove()
    log.debug('the supervisor has ended')
  }
}

async function prepareAndServe(options: SupervisorOptions, plan: Plan): Promise<Ending> {
  const { config, log, signals, inheritance } = options
  const queue = createConnectionQueue()
  const assigned = Promise.withResolvers<void>()
  const metrics = await openSupervisorMetrics(config, log, cluster)
  const preparation = startPreparation(plan.assignment, plan.limits.threads)
  const { countRestart: onRestart } = metrics
  const arbiter = createArbiter({ log, queue, plan, assigned: assigned.promise, onRestart })
  metrics.watchWorkers(arbiter.workers)
  let listener: Listener | undefined
  try {
    const asked = await Promise.race([preparation.ready.then(() => 'ready'), signals.stopAsked, arbiter.ended])
    if (asked !== 'ready') {
      arbiter.stop(0)
      return await arbiter.ended
    }
    if (plan.limits.counts.web > 0) {
      listener = await openListener({
        bind: bindAddress(config),
        inheritedFd: inheritance.fd,
        backlog: config.backlog,
        onConnection: queue.push,
      })
      log.info(`Listening at: ${listener.address} (${process.pid})`)
      options.onListening?.(listener.address)
    }
    assigned.resolve()
    return await serve(options, { arbiter, queue, listener })
  } catch (error) {
    arbiter.stop(0)
    await arbiter.ended
    throw error
  } finally {
    listener?.close()
    preparation.cancel()
    await preparation.ended
    await metrics.close()
  }
}

interface Parts {
  readonly arbiter: Arbiter
  readonly queue: ConnectionQueue
  /** None without the role web. */
  readonly listener: Listener | undefined
}

async function serve(options: SupervisorOptions, parts: Parts): Promise<Ending> {
  const { arbiter } = parts
  const handOver = createHandOver(parts.listener?.fd, options.log, options.embeddedUrl !== undefined)
  const reloader = createReloader(options, arbiter)
  const obey = async () => {
    for await (const command of options.signals.commands()) {
      obeyCommand(command, options, parts, reloader, handOver)
    }
  }
  obey().catch((error) => {
    options.log.fatal({ err: error }, 'the supervisor failed')
    arbiter.stop(0)
  })
  const ending = await arbiter.ended
  reloader.cancel()
  return ending
}

function obeyCommand(
  command: Command,
  { log, config }: SupervisorOptions,
  { arbiter, queue, listener }: Parts,
  reloader: Reloader,
  handOver: HandOver,
): void {
  log.info(`Handling signal: ${command}`)
  if (command === 'reload') reloader.reload()
  else if (command === 'hand-over') handOver.begin()
  else if (command === 'more-workers') arbiter.addWorkers(1)
  else if (command === 'fewer-workers') arbiter.addWorkers(-1)
  else {
    listener?.close({ keepPath: handOver.isUnderWay() })
    queue.flush()
    reloader.cancel()
    arbiter.stop(command === 'stop' ? config.gracefulTimeoutSeconds * 1000 : 0)
  }
}

interface Reloader {
  reload(): void
  cancel(): void
}

/** Reloads one after the other; of those that are asked for while one prepares, one follows. */
function createReloader({ log, readConfig, embeddedUrl }: SupervisorOptions, arbiter: Arbiter): Reloader {
  let underWay: Preparation | undefined
  let again = false
  let cancelled = false

  async function reload(): Promise<void> {
    const config = await readConfig()
    const plan = makePlan(config, embeddedUrl)
    underWay = startPreparation(plan.assignment, plan.limits.threads)
    await underWay.ready
    if (cancelled) return
    log.level = config.logLevel
    arbiter.reload(plan)
  }
  const run = async () => {
    do {
      again = false
      await reload().catch((error) => {
        const known = error instanceof ExitError || error.name === 'ConfigError'
        log.error(known ? {} : { err: error }, `The reload failed, the old workers stay: ${error.message}`)
      })
    } while (again && !cancelled)
  }
  let running: Promise<void> | undefined
  return {
    reload() {
      again = running !== undefined
      running ??= run().finally(() => {
        running = undefined
      })
    },
    cancel() {
      cancelled = true
      underWay?.cancel()
    },
  }
}
