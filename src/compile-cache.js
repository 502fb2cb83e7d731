// Plain JavaScript like start.js: what it loads is loaded without a cache.
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Switches Node's compile cache on.
 *
 * Node keeps one folder per user id (`v24.1.0-x64-<flags>-<uid>`) in NODE_COMPILE_CACHE and gives up when it cannot make
 * it. An image is built by one user and run by another (OpenShift picks any), from a read-only file system: the folders
 * of the build are then linked into a temporary folder under this user's id, which the child processes inherit. Without a
 * place to write there is no cache, and no harm.
 */
export function enableCompileCache() {
  const { FAILED } = nodeModule.constants.compileCacheStatus
  const built = process.env.NODE_COMPILE_CACHE
  const { status } = nodeModule.enableCompileCache()
  if (status !== FAILED || !built) return
  try {
    const names = readdirSync(built)
    // A folder of its own: code from a shared place that others may write to must not be run.
    const folder = mkdtempSync(join(tmpdir(), 'ibutsu-compile-cache-'))
    for (const name of names) {
      symlinkSync(join(built, name), join(folder, name.replace(/-\d+$/, `-${process.getuid?.()}`)))
    }
    process.env.NODE_COMPILE_CACHE = folder
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    nodeModule.enableCompileCache()
  } catch {
    // Nowhere to write: every start compiles.
  }
}
