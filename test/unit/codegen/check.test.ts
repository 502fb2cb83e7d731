import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
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
function run(command: string, ...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const folders = command === 'lint' ? ['--spec', 'openapi'] : ['--spec', 'openapi', '--out', 'generated']
  const line = [join(ROOT, 'scripts/codegen/bin.js'), command, ...folders, ...args]
  return new Promise((resolve) => {
    execFile(process.execPath, line, { cwd: dir }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err })
    })
  })
}

it('check passes after generate, fails when a line of openapi/ changes, and passes after generate again', async () => {
  expect(await run('generate')).toMatchObject({ code: 0 })
  expect(await run('check')).toMatchObject({ code: 0, out: 'generated is up to date\n' })
  const file = join(dir, 'openapi/openapi.yaml')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace(/^( +)version: .*$/m, '$1version: 99.9.9'))
  expect(readFileSync(file, 'utf8')).not.toBe(text)
  const failed = await run('check')
  expect(failed).toMatchObject({ code: 1, out: '' })
  expect(failed.err).toContain('generated/openapi.json: not what openapi makes now')
  const untouched = statSync(join(dir, 'generated/types.ts')).mtimeMs
  expect((await run('generate')).out).toContain('1 of 9 files changed')
  expect(statSync(join(dir, 'generated/types.ts')).mtimeMs).toBe(untouched)
  expect(await run('check')).toMatchObject({ code: 0 })
}, 30_000)

it('check fails when a generated file is edited, missing or left over', async () => {
  await run('generate')
  rmSync(join(dir, 'generated/types.ts'))
  writeFileSync(join(dir, 'generated/old.ts'), '')
  writeFileSync(join(dir, 'generated/handlers.ts'), '// edited')
  const { err } = await run('check')
  expect(err.split('\n').map((line) => line.split(':')[0])).toEqual([
    'generated/handlers.ts',
    'generated/old.ts',
    'generated/types.ts',
    'run npm run generate',
    '',
  ])
}, 30_000)

it('explains problems by file, line, column, the text and a hint, without a stack, and writes nothing', async () => {
  const file = join(dir, 'openapi/paths/group.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('schemas/group-list.yaml', 'schemas/groups-list.yaml'))
  const { code, err } = await run('generate')
  expect(code).toBe(1)
  expect(err).toMatch(
    new RegExp(
      [
        String.raw`^openapi/paths/group\.yaml:(\d+):\d+: \$ref leads nowhere: \.\./schemas/groups-list\.yaml`,
        ' .*',
        String.raw`> +\1 \| .*groups-list\.yaml.*`,
        String.raw` +\| +\^`,
        ' .*',
        String.raw` +hint: there is no file .*; the nearest name is \.\./schemas/group-list\.yaml`,
      ].join('\n'),
    ),
  )
  expect(err).toContain('2 problems')
  expect(err).not.toContain('    at ')
  expect(existsSync(join(dir, 'generated'))).toBe(false)
}, 30_000)

it.each([
  ['group: [', /MISSING|must be|end with/],
  ['\tgroup: 1', /[Tt]ab/],
  ['b: *gone', /alias|anchor/i],
])(
  'explains broken YAML: %j',
  async (line, message) => {
    writeFileSync(join(dir, 'openapi/broken.yaml'), `a: 1\n${line}\n`)
    const { code, err } = await run('lint')
    expect([code, err.split('\n')[0]]).toEqual([1, expect.stringMatching(/^openapi\/broken\.yaml:\d+:\d+: /)])
    expect(err).toMatch(message)
    expect(err).toMatch(/^> +\d+ \|/m)
  },
  30_000,
)

it('wrong arguments end with 2 and the help of the command', async () => {
  expect(await run('generate', '--chekc')).toMatchObject({
    code: 2,
    err: expect.stringContaining('ibutsu-codegen generate ['),
  })
  expect(await run('generat')).toMatchObject({ code: 2, err: expect.stringContaining('There is no command "generat"') })
}, 30_000)

it('the committed files are what the spec makes', async () => {
  cpSync(join(ROOT, 'generated'), join(dir, 'generated'), { recursive: true })
  expect(await run('check')).toMatchObject({ code: 0 })
}, 30_000)
