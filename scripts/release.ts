/**
 * `npm run release`: builds the image and tags it. On the branch main the tag is `main`; on a commit that bears the git
 * tag of package.json's version (`v1.2.3`) it is that too. It only prints what it would do; options:
 *   --run            do it
 *   --push           push the tags too
 *   --image <name>   repository of the image (or IMAGE; quay.io/ibutsu/backend)
 *   --engine <name>  podman or docker (or ENGINE; podman)
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

/** What the checkout is at, and what is asked for. */
export interface Release {
  readonly engine: string
  readonly image: string
  /** Of package.json, without the v. */
  readonly version: string
  readonly revision: string
  readonly branch: string
  /** Git tags of the commit. */
  readonly tags: readonly string[]
  /** Whether files differ from the commit. */
  readonly dirty: boolean
  readonly push: boolean
}

/**
 * The commands of a release, in order.
 * @throws Error saying why this checkout can't be released
 */
export function planRelease(release: Release): readonly (readonly string[])[] {
  const { engine, image, version, revision, branch, tags, dirty, push } = release
  const versionTag = tags.find((tag) => /^v\d+\.\d+\.\d+$/.test(tag))
  if (dirty) throw new Error('the checkout has changes that are not committed')
  if (versionTag && versionTag !== `v${version}`) {
    throw new Error(`the commit is tagged ${versionTag}, but package.json says ${version}`)
  }
  const names = [...(branch === 'main' ? ['main'] : []), ...(versionTag ? [versionTag] : [])].map(
    (tag) => `${image}:${tag}`,
  )
  if (names.length === 0) throw new Error(`neither on the branch main (but on ${branch}) nor on a tag vX.Y.Z`)
  const labels = [`VERSION=${version}`, `REVISION=${revision}`].flatMap((label) => ['--build-arg', label])
  // HEALTHCHECK is not part of the OCI format, and podman drops it there.
  const format = engine === 'podman' ? ['--format', 'docker'] : []
  return [
    [engine, 'build', ...format, '--pull', ...labels, ...names.flatMap((name) => ['--tag', name]), '.'],
    ...(push ? names.map((name) => [engine, 'push', name]) : []),
  ]
}

function git(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('git', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr.trim()}`)
  return stdout.trim()
}

function main(): void {
  const { values } = parseArgs({
    options: {
      run: { type: 'boolean', default: false },
      push: { type: 'boolean', default: false },
      image: { type: 'string', default: process.env.IMAGE ?? 'quay.io/ibutsu/backend' },
      engine: { type: 'string', default: process.env.ENGINE ?? 'podman' },
    },
  })
  const commands = planRelease({
    engine: values.engine,
    image: values.image,
    push: values.push,
    version: JSON.parse(readFileSync('package.json', 'utf8')).version,
    revision: git('rev-parse', 'HEAD'),
    branch: git('rev-parse', '--abbrev-ref', 'HEAD'),
    tags: git('tag', '--points-at', 'HEAD').split('\n').filter(Boolean),
    dirty: git('status', '--porcelain') !== '',
  })
  for (const [program = '', ...args] of commands) {
    process.stdout.write(`${[program, ...args].join(' ')}\n`)
    if (values.run && spawnSync(program, args, { stdio: 'inherit' }).status !== 0) process.exit(1)
  }
  if (!values.run) process.stdout.write('That would be run; add -- --run to do it, and --push to push.\n')
}

if (import.meta.main) {
  try {
    main()
  } catch (error) {
    process.stderr.write(`release: ${error instanceof Error ? error.message : error}\n`)
    process.exit(2)
  }
}
