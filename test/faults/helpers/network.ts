import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { isRunning } from '../../../src/db/postmaster.ts'

const run = promisify(execFile)
const ip = (...words: readonly string[]) =>
  run('ip', words, { env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin` } }).then(({ stdout }) => stdout)

/** A machine of the test: a network namespace with one cable to the bridge. */
export interface Host {
  readonly address: string
  /** What a command needs in front of it to run there. */
  readonly prefix: readonly string[]
  /** Pulls the cable: packets vanish, nobody is told. */
  cut(): Promise<void>
  join(): Promise<void>
}

/** Machines on a network of their own, and a way to it from here. */
export interface TestNetwork<Name extends string> {
  readonly hosts: Readonly<Record<Name, Host>>
  /** Takes it away. Whatever runs on the machines must have ended. */
  remove(): Promise<void>
}

const nameOf = (pid: number) => `ibt${pid}`

/** Makes a network of these machines; a text says why this machine cannot. */
export async function makeNetwork<Name extends string>(names: readonly Name[]): Promise<TestNetwork<Name> | string> {
  if (process.getuid?.() !== 0) return 'network namespaces can be made by root only'
  const own = nameOf(process.pid)
  let net = ''
  const addressOf = (n: number) => `${net}${n}`
  const namespace = (name: Name) => `${own}-${name}`
  const remove = async () => {
    for (const name of names) await ip('netns', 'del', namespace(name)).catch(() => undefined)
    await ip('link', 'del', own).catch(() => undefined)
  }
  const addHost = async (name: Name, n: number): Promise<Host> => {
    // 15 characters at most.
    const cable = `${own}c${n}`
    await ip('netns', 'add', namespace(name))
    await ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace(name))
    await ip('link', 'set', cable, 'master', own, 'up')
    await ip('-n', namespace(name), 'addr', 'add', `${addressOf(n)}/24`, 'dev', 'eth0')
    await ip('-n', namespace(name), 'link', 'set', 'eth0', 'up')
    await ip('-n', namespace(name), 'link', 'set', 'lo', 'up')
    return {
      address: addressOf(n),
      prefix: ['ip', 'netns', 'exec', namespace(name)],
      cut: async () => void (await ip('link', 'set', cable, 'down')),
      join: async () => void (await ip('link', 'set', cable, 'up')),
    }
  }
  try {
    await sweep()
    net = await chooseNetwork()
    await ip('link', 'add', own, 'type', 'bridge')
    await ip('addr', 'add', `${addressOf(1)}/24`, 'dev', own)
    await ip('link', 'set', own, 'up')
    const hosts: Partial<Record<Name, Host>> = {}
    for (const [n, name] of names.entries()) hosts[name] = await addHost(name, n + 2)
    return { hosts: hosts as Record<Name, Host>, remove }
  } catch (error) {
    await remove()
    return `no network namespaces can be made: ${error instanceof Error && 'stderr' in error ? error.stderr : error}`
  }
}

/** The beginning of addresses that nobody here has; RFC 2544 keeps them for tests. Another test run begins elsewhere. */
async function chooseNetwork(): Promise<string> {
  const taken = await ip('-o', 'addr', 'show')
  for (let n = 0; n < 250; n++) {
    const net = `198.18.${(process.pid + n) % 250}.`
    if (!taken.includes(net)) return net
  }
  throw new Error('no network is free')
}

/** Takes away what test runs left behind that were killed. */
async function sweep(): Promise<void> {
  const gone = async (pid: string | undefined) => pid !== undefined && !(await isRunning(Number(pid)))
  for (const line of (await ip('netns', 'list')).split('\n')) {
    const [, name, pid] = /^(ibt(\d+)-\S+)/.exec(line) ?? []
    if (!name || !(await gone(pid))) continue
    for (const each of (await ip('netns', 'pids', name)).split('\n').filter(Boolean))
      process.kill(Number(each), 'SIGKILL')
    await ip('netns', 'del', name)
  }
  for (const line of (await ip('-o', 'link', 'show', 'type', 'bridge')).split('\n')) {
    const [, name, pid] = /^\d+: (ibt(\d+)):/.exec(line) ?? []
    if (name && (await gone(pid))) await ip('link', 'del', name)
  }
}
