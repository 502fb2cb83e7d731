import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, copyFile, cp, link, mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { type Instruction, isInContext, parseDockerfile, readPairs, type Stage } from './dockerfile.ts'

const repository = resolve(import.meta.dirname, '../..')
const cache = join(repository, '.cache/container')
/** Neither below the checkout, whose node_modules Node would find, nor below /tmp, which is the container's own. */
const workFolder = '/var/tmp'

/** What OpenShift gives a container: an id that no one knows, in the group root. */
export const OPENSHIFT_UID = 1_000_650_000

/** An image as a folder: its file system (of which only our part is there, and Node) and how it is started. */
export interface Image {
  /** The root of its file system. Paths inside are the same in all stages, as in a real build. */
  readonly root: string
  readonly workdir: string
  readonly env: Readonly<Record<string, string>>
  readonly user: string
  readonly command: readonly string[]
  readonly entrypoint: readonly string[]
  readonly healthCheck: readonly string[]
  readonly ports: readonly number[]
  readonly bases: readonly string[]
  remove(): Promise<void>
}

/**
 * Follows the Dockerfile line by line in a folder below /var/tmp: copies what it copies, runs what it runs. Absolute paths
 * of the image become paths below `root`. Node comes from the machine instead of the base image. Installed packages
 * are kept in .cache by the hash of what they depend on, so that a second run needs no registry.
 */
export async function buildImage(): Promise<Image> {
  const stages = parseDockerfile(await readFile(join(repository, 'Dockerfile'), 'utf8'))
  const work = join(workFolder, `ibutsu-container-${process.pid}`)
  await removeTree(work)
  const root = join(work, 'root')
  let last: Followed | undefined
  for (const stage of stages) {
    await mkdir(join(root, 'tmp'), { recursive: true })
    await provideNode(root)
    last = await followStage(stage, root, work)
    if (stage !== stages.at(-1)) await rename(root, join(work, stage.name))
  }
  if (!last) throw new Error('the Dockerfile has no stage')
  return { root, bases: stages.map(({ base }) => base), ...last, remove: () => removeTree(work) }
}

interface Followed {
  workdir: string
  user: string
  env: Record<string, string>
  command: readonly string[]
  entrypoint: readonly string[]
  healthCheck: readonly string[]
  ports: number[]
}

async function followStage(stage: Stage, root: string, work: string): Promise<Followed> {
  const state: Followed = {
    workdir: root,
    user: '',
    env: {},
    command: [],
    entrypoint: ['container-entrypoint'],
    healthCheck: [],
    ports: [],
  }
  for (const instruction of stage.instructions) await follow(instruction, state, root, work)
  return state
}

async function follow({ name, text, json }: Instruction, state: Followed, root: string, work: string): Promise<void> {
  const inside = (value: string) => value.replace(/(^|\s)\/(opt|tmp)\//g, `$1${root}/$2/`)
  if (name === 'COPY') return copy(text, state, root, work)
  if (name === 'RUN') return run(inside(text), state)
  if (name === 'WORKDIR') {
    state.workdir = join(root, text)
    await mkdir(state.workdir, { recursive: true })
  } else if (name === 'ENV') {
    for (const [key, value] of Object.entries(readPairs(text))) state.env[key] = inside(value)
  } else if (name === 'USER') state.user = text
  else if (name === 'EXPOSE') state.ports.push(...text.split(/\s+/).map(Number))
  else if (name === 'CMD') state.command = json ?? ['/bin/sh', '-c', text]
  else if (name === 'ENTRYPOINT') state.entrypoint = json ?? ['/bin/sh', '-c', text]
  else if (name === 'HEALTHCHECK') state.healthCheck = json ?? ['/bin/sh', '-c', text]
  else if (name !== 'ARG' && name !== 'LABEL') throw new Error(`the test cannot follow ${name} ${text}`)
}

async function copy(text: string, state: Followed, root: string, work: string): Promise<void> {
  const words = text.split(/\s+/)
  const from = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined
  const target = words.pop() ?? ''
  const destination = target.startsWith('/') ? join(root, target) : join(state.workdir, target)
  const dockerignore = await readFile(join(repository, '.dockerignore'), 'utf8')
  for (const source of words) {
    if (!from && !isInContext(dockerignore, source)) throw new Error(`.dockerignore keeps ${source} out of the build`)
    const path = from ? join(work, from, source) : join(repository, source)
    const isFolder = (await stat(path)).isDirectory()
    const into = !isFolder && target.endsWith('/') ? join(destination, basename(source)) : destination
    await mkdir(isFolder ? into : dirname(into), { recursive: true })
    await cp(path, into, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
  }
}

async function run(command: string, state: Followed): Promise<void> {
  if (!command.startsWith('npm ci')) return shell(command, state)
  const hash = createHash('sha256').update(`${command}\n${process.version}\n`)
  for (const name of ['package.json', 'package-lock.json']) hash.update(await readFile(join(state.workdir, name)))
  const kept = join(cache, `modules-${hash.digest('hex').slice(0, 16)}`)
  const installed = join(state.workdir, 'node_modules')
  if (!(await exists(kept))) {
    shell(command, state)
    await mkdir(cache, { recursive: true })
    await cp(installed, `${kept}.${process.pid}`, { recursive: true, verbatimSymlinks: true })
    await rename(`${kept}.${process.pid}`, kept)
  } else await cp(kept, installed, { recursive: true, verbatimSymlinks: true })
}

function shell(command: string, { workdir, env }: Followed): void {
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-ec', command], {
    cwd: workdir,
    // How this machine reaches the registry is in its environment.
    env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: '', VITEST: '', ...env },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`RUN ${command} ended with ${status}: ${stdout}${stderr}`)
}

async function provideNode(root: string): Promise<void> {
  const target = join(root, 'usr/bin/node')
  await mkdir(dirname(target), { recursive: true })
  await link(process.execPath, target).catch(() => copyFile(process.execPath, target))
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  )

async function removeTree(path: string): Promise<void> {
  if (!(await exists(path))) return
  // What the build made read-only its owner may not remove otherwise.
  spawnSync('chmod', ['-R', 'u+w', path])
  await rm(path, { recursive: true, force: true })
}

/** Why containers cannot be imitated here, or undefined. */
export function missingForContainers(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can run a process under another user id'
  try {
    execFileSync('setpriv', ['--reuid', String(OPENSHIFT_UID), '--regid', '0', '--clear-groups', 'true'])
    return undefined
  } catch (error) {
    return `setpriv does not work: ${error instanceof Error ? error.message : error}`
  }
}

/** Whether this machine lets us mount (containers of a CI service may not). */
export function canMount(): boolean {
  return spawnSync('unshare', ['--mount', '--', 'mount', '--bind', '/tmp', '/tmp']).status === 0
}

export interface ContainerOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly command?: readonly string[]
  /** A folder that the container may write to; it is the container's /tmp. */
  readonly temporary: string
}

/**
 * The command line that runs a command of the image as OpenShift would: an arbitrary user id in group 0, no capabilities,
 * nothing in the environment but the image's and the given, every file system read-only but one temporary folder. The
 * process that is spawned becomes that command, so signals to it and its exit code are the container's.
 */
export function containerCommand(image: Image, options: ContainerOptions): readonly [string, readonly string[]] {
  const mounts = canMount()
  const env = {
    PATH: join(image.root, 'usr/bin'),
    ...(mounts ? {} : { TMPDIR: options.temporary }),
    ...image.env,
    ...options.env,
  }
  const words = [
    ...['setpriv', '--reuid', String(OPENSHIFT_UID), '--regid', '0', '--clear-groups'],
    ...['--no-new-privs', '--bounding-set=-all', '--inh-caps=-all'],
    ...['env', '-i', '-C', image.workdir, ...Object.entries(env).map(([key, value]) => `${key}=${value}`)],
    ...(options.command ?? [...image.entrypoint, ...image.command]),
  ]
  const [program = '', ...rest] = words
  if (!mounts) return [program, rest]
  const script = 'mount --bind "$0" /tmp && mount -o remount,ro,bind / && exec "$@"'
  return ['unshare', ['--mount', '--', '/bin/sh', '-c', script, options.temporary, ...words]]
}

/** Makes the folder that a container may write to; anybody may, as in an emptyDir. */
export async function makeTemporary(image: Image, name: string): Promise<string> {
  const folder = join(dirname(image.root), `tmp-${name}`)
  await mkdir(folder, { recursive: true })
  await chmod(folder, 0o777)
  return folder
}
