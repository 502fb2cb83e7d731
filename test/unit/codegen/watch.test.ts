import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createGenerator } from '../../../scripts/codegen/generator.ts'
import { shown } from '../../../scripts/codegen/project.ts'
import { watchFolders } from '../../../scripts/codegen/watch-folders.ts'
import { eventually } from '../../helpers/server.ts'
import { ROOT } from './fixtures.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'codegen-watch-'))
  cpSync(join(ROOT, 'openapi'), join(dir, 'openapi'), { recursive: true })
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const edit = (name: string, from: string | RegExp, to: string) => {
  const path = join(dir, 'openapi', name)
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to))
}

describe('watchFolders', () => {
  it('sees saves in place, by a new file, in new folders, and no temporary files', async () => {
    const seen: string[] = []
    const watcher = watchFolders([join(dir, 'openapi')], async (paths) => {
      seen.push(...[...paths].map((path) => path.slice(dir.length + 1)))
    })
    const waitFor = async (name: string) => {
      expect(
        await eventually(
          async () => seen,
          (names) => names.includes(name),
        ),
      ).toContain(name)
      seen.length = 0
    }
    const replace = () => {
      writeFileSync(join(dir, 'openapi/parameters.yaml.tmp'), 'a: 1')
      renameSync(join(dir, 'openapi/parameters.yaml.tmp'), join(dir, 'openapi/parameters.yaml'))
    }
    for (const save of [
      () => edit('parameters.yaml', /$/, '\n'),
      replace,
      () => edit('parameters.yaml', /$/, '\n'),
      replace,
    ]) {
      save()
      await waitFor('openapi/parameters.yaml')
    }
    mkdirSync(join(dir, 'openapi/new/deep'), { recursive: true })
    writeFileSync(join(dir, 'openapi/new/deep/x.yaml'), 'a: 1')
    await waitFor('openapi/new/deep/x.yaml')
    writeFileSync(join(dir, 'openapi/new/deep/.x.yaml.swp'), '')
    writeFileSync(join(dir, 'openapi/new/deep/x.yaml'), 'a: 2')
    await waitFor('openapi/new/deep/x.yaml')
    expect(seen).toEqual([])
    watcher.close()
  })
})

it('a warm generator makes what a cold one makes, and less work of it', async () => {
  const folders = (out: string) => ({ spec: join(dir, 'openapi'), out: join(dir, out) })
  const warm = createGenerator(folders('warm'))
  const cpu = async (run: () => Promise<unknown>) => {
    const before = process.cpuUsage()
    await run()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
  const first = await cpu(() => warm.write())
  edit('schemas/group.yaml', /^description: .*/, 'description: Other words.')
  edit('schemas/group-input.yaml', /name: .*/, 'name: { type: string, maxLength: 12 }')
  const second = await cpu(() => warm.write())
  expect(second).toBeLessThan(first / 1.5)

  const cold = await createGenerator(folders('cold')).write()
  expect(cold.changed).toContain(shown(join(dir, 'cold/client/client.ts')))
  for (const name of cold.changed.map((path) => relative(shown(join(dir, 'cold')), path))) {
    expect(readFileSync(join(dir, 'warm', name), 'utf8'), name).toBe(readFileSync(join(dir, 'cold', name), 'utf8'))
  }
  expect((await warm.write()).changed).toEqual([])
}, 60_000)

describe('generate --watch', () => {
  let child: ChildProcess
  let out = ''
  afterEach(() => child?.kill('SIGKILL'))

  it('writes what changed and says only that, survives a broken save, and ends with Ctrl-C', async () => {
    const line = [
      join(ROOT, 'scripts/codegen/bin.js'),
      'generate',
      '--watch',
      '--spec',
      'openapi',
      '--out',
      'generated',
    ]
    child = spawn(process.execPath, line, { cwd: dir })
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        out += text
      })
    }
    const waitFor = async (text: string | RegExp) => {
      const found = await eventually(
        async () => out,
        (all) => all.search(text) >= 0,
        20_000,
      )
      expect(found).toMatch(text)
      out = ''
      return found
    }
    await waitFor('watching openapi')

    edit('openapi.yaml', /summary: .*/, 'summary: Other words.')
    expect(await waitFor(/ms\)\n/)).toMatch(/^generated\/openapi\.json \(\d+ ms\)\n$/)

    edit('openapi.yaml', 'servers:', 'servers: [\n')
    expect(await waitFor(/\d problems?\n/)).toMatch(/^openapi\/openapi\.yaml:\d+:\d+: /)
    edit('openapi.yaml', 'servers: [\n', 'servers:')
    edit('openapi.yaml', /summary: .*/, 'summary: More words.')
    await waitFor(/^generated\/openapi\.json \(\d+ ms\)\n$/m)
    expect(readFileSync(join(dir, 'generated/openapi.json'), 'utf8')).toContain('More words.')

    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGINT')
    expect(await gone).toBe(0)
  }, 60_000)
})
