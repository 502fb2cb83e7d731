import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)

/** Imports modules of src/ in a process of their own and gives the packages that were loaded with them. */
async function packagesOf(...modules: readonly string[]): Promise<Set<string>> {
  const program = `
    import { registerHooks } from 'node:module'
    const urls = []
    registerHooks({ resolve(name, context, next) { const found = next(name, context); urls.push(found.url); return found } })
    for (const module of ${JSON.stringify(modules)}) await import(new URL(module, '${new URL('../../../src/', import.meta.url)}'))
    process.stdout.write(JSON.stringify(urls))
    process.exit(0)`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { maxBuffer: 16e6 })
  const names = (JSON.parse(stdout) as string[]).map(
    (url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? '',
  )
  return new Set(names.filter(Boolean))
}

const opentelemetry = (packages: Set<string>) => [...packages].filter((name) => name.startsWith('@opentelemetry/'))

describe('OpenTelemetry', () => {
  it('is not loaded by the web application, its context and its metrics', async () => {
    const packages = await packagesOf('http/app.ts', 'open-context.ts', 'metrics/metrics-server.ts')
    expect(packages).toContain('prom-client')
    expect(packages).toContain('express')
    expect(opentelemetry(packages)).toEqual([])
  })

  it('is loaded by the start of traces', async () => {
    expect(opentelemetry(await packagesOf('tracing/start-tracing.ts'))).toContain('@opentelemetry/sdk-trace')
  })

  it('leaves the metrics server without Express, for the supervisor', async () => {
    const packages = await packagesOf('metrics/metrics-server.ts', 'metrics/metrics.ts')
    expect([...packages]).toEqual(['prom-client'])
  })
})
