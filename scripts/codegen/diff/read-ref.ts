import { execFile } from 'node:child_process'
import { basename, dirname } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { extract } from 'tar-stream'
import { ROOT_FILE, type SpecTexts } from '../load.ts'
import { Refusal } from '../say.ts'

const run = promisify(execFile)

/** A ref that cannot be compared with: there is no git, no such ref, or no spec in it. */
export class NoRef extends Refusal {}

/** `origin/main` where there is one, else HEAD. Throws NoRef outside a git checkout. */
export async function defaultRef(folder: string): Promise<string> {
  for (const ref of ['origin/main', 'HEAD']) {
    const args = ['-C', dirname(folder), 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`]
    const found = await run('git', args).catch(() => null)
    if (found) return ref
  }
  throw new NoRef('there is no git commit to compare with')
}

/** The YAML files of the spec's folder as a ref has them. Throws NoRef when it has none. */
export async function readRef(folder: string, ref: string): Promise<SpecTexts> {
  const name = basename(folder)
  const { stdout } = await run('git', ['-C', dirname(folder), 'archive', '--format=tar', ref, '--', name], {
    encoding: 'buffer',
    maxBuffer: 256e6,
  }).catch((error) => {
    const said = String(error.stderr ?? error.message).trim()
    throw new NoRef(`git has no ${name}/ at ${ref}: ${said.replace(/^fatal: /, '')}`)
  })
  const texts = new Map<string, string>()
  const archive = Readable.from([stdout]).pipe(extract())
  for await (const entry of archive) {
    const content = await text(entry)
    const path = entry.header.name.slice(name.length + 1)
    if (entry.header.type === 'file' && path.endsWith('.yaml')) texts.set(path, content)
  }
  if (!texts.has(ROOT_FILE)) throw new NoRef(`${ref} has no ${name}/${ROOT_FILE}`)
  return texts
}
