import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { writePidFile } from '../../../src/supervisor/pid-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'ibutsu-pid-'))
afterAll(() => rmSync(folder, { recursive: true }))
const own = `${process.pid}\n`

it('replaces the file of a process that is gone and refuses that of one that runs', () => {
  const path = join(folder, 'plain.pid')
  writeFileSync(path, `${process.ppid}\n`)
  expect(() => writePidFile(path, { successor: false })).toThrow(`runs already with pid ${process.ppid}`)
  // Above every pid_max.
  writeFileSync(path, '99999999\n')
  const file = writePidFile(path, { successor: false })
  expect(readFileSync(path, 'utf8')).toBe(own)
  writeFileSync(path, '1\n')
  file.remove()
  expect(readFileSync(path, 'utf8')).toBe('1\n')
})

it('of a successor takes the plain name when it is alone', () => {
  const path = join(folder, 'taken.pid')
  writeFileSync(path, `${process.ppid}\n`)
  const file = writePidFile(path, { successor: true })
  expect(readFileSync(`${path}.2`, 'utf8')).toBe(own)
  file.promote()
  expect(readFileSync(path, 'utf8')).toBe(own)
  file.remove()
  expect(existsSync(path)).toBe(false)
})
