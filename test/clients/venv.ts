import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The clients could not be installed: no Python, no network, or a registry that does not answer. */
export class NotInstalledError extends Error {
  override name = 'NotInstalledError'
}

/**
 * A virtual environment with exactly the packages of a requirements file; one of an earlier run is used again while the
 * file is the same. PYTHON names another interpreter than python3.
 * @returns the path of its interpreter
 * @throws NotInstalledError
 */
export async function prepareVenv(folder: string, requirements: string): Promise<string> {
  const base = process.env.PYTHON ?? 'python3'
  const version = await run(base, ['-c', 'import sys; print(sys.version, sys.prefix)']).catch((error) => {
    throw new NotInstalledError(`${base} does not run: ${lastLine(error)}`)
  })
  const hash = createHash('sha256')
    .update(await readFile(requirements))
    .update(version.stdout)
    .digest('hex')
  const python = join(folder, 'bin', 'python')
  const stamp = join(folder, 'installed')
  if ((await readFile(stamp, 'utf8').catch(() => '')) === hash && (await exists(python))) return python

  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await run(base, ['-m', 'venv', folder]).catch((error) => {
    throw new NotInstalledError(`no virtual environment can be made: ${lastLine(error)}`)
  })
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1']
  await run(python, [...install, '--requirement', requirements]).catch((error) => {
    throw new NotInstalledError(`pip could not install the clients: ${lastLine(error)}`)
  })
  await writeFile(stamp, hash)
  return python
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** The last thing that a failed program said. */
function lastLine(error: { stderr?: string; message: string }): string {
  return (error.stderr || error.message).trim().split('\n').at(-1) ?? ''
}
