/**
 * `npm run dev`: the whole server for somebody who changes it. Watches openapi/ and src/, generates on a save of the spec,
 * reloads on a save of the code, answers operations that nobody has built yet with their example, checks every answer
 * against the spec. Without a configured database it has PostgreSQL in ./data; Redis is not needed. Settings are
 * environment variables. Ctrl-C ends everything.
 *
 * The new process is up before the old one goes: no request is lost, and code that does not start replaces nothing.
 */
import { relative } from 'node:path'
import { bindAddress, readConfig } from '../src/config.ts'
import { regenerate } from './codegen/commands/generate.ts'
import { createGenerator } from './codegen/generator.ts'
import { foldersOf, ROOT } from './codegen/project.ts'
import { complain, explain, say } from './codegen/say.ts'
import { watchFolders } from './codegen/watch-folders.ts'
import { type Child, startChild, startWeb } from './dev/child.ts'
import { openDatabase } from './dev/database.ts'
import { type Relay, startRelay } from './dev/relay.ts'

/** A request that hangs must not hold up a reload for as long as in production. */
const DEFAULTS = { VALIDATE_ANSWERS: 'true', MOCK_UNBUILT: 'true', GRACEFUL_TIMEOUT: '3' }

interface Processes {
  /** Replaces the processes by new ones; false when the new code does not start. */
  reload(): Promise<boolean>
  stop(): Promise<void>
}

function createProcesses(relay: Relay, env: NodeJS.ProcessEnv): Processes {
  let web: Child | null = null
  let worker: Child | null = null
  let underWay: Promise<boolean> = Promise.resolve(true)
  let stopping = false

  async function replace(): Promise<boolean> {
    const began = performance.now()
    const next = await startWeb(env)
    if (!next) return false
    relay.pointTo(next.port)
    say(`up in ${(performance.now() - began).toFixed(0)} ms`)
    const old = [web, worker]
    web = next
    await Promise.all(old.map((child) => child?.stop()))
    // After the web process, which is what somebody waits for.
    worker = stopping ? null : startChild('worker', env)
    return true
  }

  return {
    reload() {
      if (!stopping) underWay = replace()
      return underWay
    },
    async stop() {
      stopping = true
      await underWay
      await Promise.all([web?.stop(), worker?.stop()])
    },
  }
}

async function run(): Promise<void> {
  const stopped = untilStopped()
  const config = readConfig()
  const bind = bindAddress(config)
  if (bind.kind !== 'tcp') throw new Error('npm run dev listens on HOST and PORT')
  const folders = foldersOf({})
  const generator = createGenerator(folders)
  await regenerate(generator)
  const relay = await startRelay(bind.host, bind.port)
  const database = await openDatabase(config)
  const { reload, stop } = createProcesses(relay, { ...DEFAULTS, ...process.env, ...database.env })
  try {
    const began = await Promise.race([reload(), stopped.then(() => null)])
    if (began) say(database.welcome(`http://${bind.host}:${relay.port}`))
    else if (began === false) complain('the server does not start; the next save tries again')
    const watcher = watchFolders([folders.spec, `${ROOT}/src`], async (paths) => {
      const names = [...paths].map((path) => relative(ROOT, path))
      const changed = names.some((name) => name.startsWith('openapi/')) ? await regenerate(generator) : []
      if (!names.some((name) => name.startsWith('src/')) && !changed?.length) return
      say(`reload: ${names.join(', ')}`)
      if (!(await reload())) complain('this code does not start, the old one keeps serving')
    })
    await stopped
    watcher.close()
  } finally {
    relay.close()
    await stop()
    await database.stop()
  }
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })
}

try {
  await run()
} catch (error) {
  complain(explain(error))
  process.exitCode = 1
}
