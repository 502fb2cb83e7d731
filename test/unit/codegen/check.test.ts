import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ROOT } from './fixtures.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'codegen-'))
  cpSync(join(ROOT, 'openapi'), join(dir, 'openapi'), { recursive: true })
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** Runs the generator as `npm run generate` does, on the scratch copy. */
function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const command = [join(ROOT, 'scripts/codegen/main.ts'), '--spec', 'openapi', '--out', 'generated', ...args]
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: dir }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err })
    })
  })
}

it('--check passes after generate, fails when a line of openapi/ changes, and passes after generate again', async () => {
  expect(await run()).toMatchObject({ code: 0 })
  expect(await run('--check')).toMatchObject({ code: 0, out: 'generated is up to date\n' })
  const file = join(dir, 'openapi/openapi.yaml')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace(/^( +)version: .*$/m, '$1version: 99.9.9'))
  expect(readFileSync(file, 'utf8')).not.toBe(text)
  const failed = await run('--check')
  expect(failed).toMatchObject({ code: 1, out: '' })
  expect(failed.err).toContain('generated/openapi.json: not what openapi makes now')
  const untouched = statSync(join(dir, 'generated/types.ts')).mtimeMs
  expect((await run()).out).toContain('1 of 7 files changed')
  expect(statSync(join(dir, 'generated/types.ts')).mtimeMs).toBe(untouched)
  expect(await run('--check')).toMatchObject({ code: 0 })
}, 30_000)

it('--check fails when a generated file is edited, missing or left over', async () => {
  await run()
  rmSync(join(dir, 'generated/types.ts'))
  writeFileSync(join(dir, 'generated/old.ts'), '')
  writeFileSync(join(dir, 'generated/handlers.ts'), '// edited')
  const { err } = await run('--check')
  expect(err.split('\n').map((line) => line.split(':')[0])).toEqual([
    'generated/handlers.ts',
    'generated/old.ts',
    'generated/types.ts',
    'run npm run generate',
    '',
  ])
}, 30_000)

it('prints problems as file:line:col, without a stack, and writes nothing', async () => {
  const file = join(dir, 'openapi/openapi.yaml')
  writeFileSync(file, `${readFileSync(file, 'utf8')}\n  broken: [`)
  const { code, err } = await run()
  expect(code).toBe(1)
  expect(err).toMatch(/^openapi\/openapi\.yaml:\d+:\d+: /)
  expect(err).not.toContain('    at ')
}, 30_000)

it('the committed files are what the spec makes', async () => {
  cpSync(join(ROOT, 'generated'), join(dir, 'generated'), { recursive: true })
  expect(await run('--check')).toMatchObject({ code: 0 })
}, 30_000)
