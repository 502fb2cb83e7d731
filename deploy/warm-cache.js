/**
 * `node warm-cache.js <folder>`, run when the image is built with NODE_COMPILE_CACHE set: loads every module of the
 * program once, so that the image holds them compiled. A module may fail to run here (it is a worker thread's, or
 * starts something); it is compiled all the same.
 */
import { globSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** These act when they are loaded. Running `start.js version` compiles them. */
const acting = new Set(['start.js', 'main.ts', 'health-check.js'])

const folder = resolve(process.argv[2] ?? 'src')
let failed = 0
for (const file of globSync('**/*.{ts,js}', { cwd: folder }).sort()) {
  if (acting.has(file) || file.endsWith('.d.ts')) continue
  await import(pathToFileURL(resolve(folder, file)).href).catch((error) => {
    failed++
    process.stderr.write(`warm-cache: ${file} does not run here (${error.message})\n`)
  })
}
nodeModule.flushCompileCache()
process.stdout.write(`warm-cache: ${nodeModule.getCompileCacheDir()} (${failed} not run)\n`)
process.exit(nodeModule.getCompileCacheDir() ? 0 : 1)
