import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs'
import { join } from 'node:path'

/** Editors save in several steps (write, rename, change the mode): what follows within this time belongs to one save. */
const QUIET_MS = 25

/** Temporary files of editors are no change. */
const SOURCE = /^[^.#].*\.(ts|js|sql|yaml|json)$/

/**
 * Calls `onChange` with the paths of the files that changed, once a save is over; never while the last call still runs.
 *
 * Each folder has a watcher of its own. Node's recursive one follows files, not names, on Linux: it loses a file when an
 * editor saves by putting a new one in its place.
 */
export function watchFolders(
  folders: readonly string[],
  onChange: (paths: ReadonlySet<string>) => Promise<void>,
): { close(): void } {
  const watchers = new Map<string, FSWatcher>()
  let paths = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let running = false
  let closed = false

  async function fire(): Promise<void> {
    if (running || closed || paths.size === 0) return
    running = true
    const seen = paths
    paths = new Set()
    await onChange(seen)
    running = false
    await fire()
  }

  function note(path: string): void {
    paths.add(path)
    clearTimeout(timer)
    timer = setTimeout(fire, QUIET_MS)
  }

  /** Watches a folder and those in it; a folder that appears may have files in it before anybody watches. */
  function follow(folder: string, isNew: boolean): void {
    if (watchers.has(folder)) return
    const watcher = watch(folder, (_event, name) => {
      if (!name) return
      const path = join(folder, name)
      if (isFolder(path)) follow(path, true)
      else if (SOURCE.test(name)) note(path)
    })
    // The folder is gone, and with it what there was to see.
    watcher.on('error', () => forget(folder))
    watchers.set(folder, watcher)
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) follow(join(folder, entry.name), isNew)
      else if (isNew && SOURCE.test(entry.name)) note(join(folder, entry.name))
    }
  }

  function forget(folder: string): void {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }

  for (const folder of folders) follow(folder, false)
  return {
    close() {
      closed = true
      clearTimeout(timer)
      for (const watcher of watchers.values()) watcher.close()
    },
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
