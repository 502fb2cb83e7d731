import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
const config = join(root, '.dependency-cruiser.mjs')
const MAX_LINES = 500
const HEADER = '// Generated from openapi/ by npm run generate. Do not edit.'

interface Violation {
  readonly from: string
  readonly to: string
  readonly rule: { readonly name: string }
}

/** Cruises folders below `folder`; gives the violations as `rule: from → to`, and how many modules were seen. */
async function findViolations(folder: string, ...folders: string[]) {
  const args = [cruiser, '--config', config, '--output-type', 'json', ...folders]
  const text = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 64e6 }, (error, stdout, stderr) =>
      stdout ? resolve(stdout) : reject(error ?? new Error(stderr)),
    )
  })
  const { summary } = JSON.parse(text) as { summary: { violations: Violation[]; totalCruised: number } }
  return {
    modules: summary.totalCruised,
    violations: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).sort(),
  }
}

describe('the import graph', () => {
  let scratch: string | undefined
  afterEach(async () => {
    if (scratch) await rm(scratch, { recursive: true })
    scratch = undefined
  })

  it('holds in the project', async () => {
    const { modules, violations } = await findViolations(root, 'src', 'generated', 'scripts')
    expect(violations).toEqual([])
    expect(modules).toBeGreaterThan(100)
  })

  it.each([
    ['features-not-http', 'src/features/run/run-service.ts', 'src/http/app.ts'],
    ['db-below-all', 'src/db/database.ts', 'src/features/run/run-service.ts'],
    ['http-from-entry-points-only', 'src/jobs/job.ts', 'src/http/app.ts'],
    ['src-alone', 'src/open-context.ts', 'test/helpers/database.ts'],
    ['resolvable', 'src/main.ts', 'src/gone.ts'],
  ])('%s finds a planted import, also of a type alone', async (rule, from, to) => {
    for (const what of ['import { x } from', 'import type { x } from']) {
      scratch = await plant({
        [from]: `${what} '${relative(dirname(from), to).replace(/^(?!\.)/, './')}'\nexport const y = x`,
        ...(rule === 'resolvable' ? {} : { [to]: 'export const x = 1' }),
      })
      const { violations } = await findViolations(scratch, 'src')
      expect(violations.filter((violation) => violation.startsWith(`${rule}: ${from} →`))).toHaveLength(1)
      await rm(scratch, { recursive: true })
      scratch = undefined
    }
  })

  it('finds a cycle', async () => {
    scratch = await plant({
      'src/a.ts': "import { b } from './b.ts'\nexport const a = b",
      'src/b.ts': "import { c } from './c.ts'\nexport const b = c",
      'src/c.ts': "import type { a } from './a.ts'\nexport const c: typeof a = 1",
    })
    const { violations } = await findViolations(scratch, 'src')
    expect(violations).toEqual(['no-cycle: src/a.ts → src/b.ts'])
  })

  it('finds a devDependency that the program needs', async () => {
    scratch = await plant({
      'package.json': '{ "devDependencies": { "toy": "1.0.0" }, "dependencies": { "tool": "1.0.0" } }',
      'node_modules/toy/index.js': '',
      'node_modules/tool/index.js': '',
      'src/a.ts': "import 'toy'\nimport 'tool'",
    })
    const { violations } = await findViolations(scratch, 'src')
    expect(violations).toEqual(['no-dev-dependency: src/a.ts → node_modules/toy/index.js'])
  })
})

/** A small project of these files in a temporary folder. */
async function plant(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'import-graph-'))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, dirname(path)), { recursive: true })
    await writeFile(join(folder, path), `${text}\n`)
  }
  return folder
}

describe('files', () => {
  it(`have at most ${MAX_LINES} lines where people write them`, async () => {
    const folders = ['src', 'scripts', 'test', 'openapi', 'docs', 'deploy'].filter((name) =>
      existsSync(join(root, name)),
    )
    const long: string[] = []
    for (const folder of folders) {
      for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name)
        if (!entry.isFile() || !/\.(ts|js|mjs|cjs|sql|ya?ml|md|sh)$/.test(path) || path.includes('/golden/')) continue
        const lines = (await readFile(path, 'utf8')).split('\n').length - 1
        if (lines > MAX_LINES) long.push(`${relative(root, path)}: ${lines}`)
      }
    }
    expect(long).toEqual([])
  })

  it('in generated/ say on line 1 that they are', async () => {
    const names = (await readdir(join(root, 'generated'), { recursive: true })).filter((name) =>
      /\.(ts|js)$/.test(name),
    )
    expect(names.length).toBeGreaterThan(4)
    for (const name of names) {
      expect((await readFile(join(root, 'generated', name), 'utf8')).split('\n', 1)[0], name).toBe(HEADER)
    }
  })
})
