import fs, { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openDestination } from '../../../src/logging/destination.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ibutsu-destination-'))
  file = join(folder, 'access.log')
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

const written = () => readFileSync(file, 'utf8')
const line = (n: number) => `${JSON.stringify({ n, path: '/api/run'.padEnd(180, 'x') })}\n`

test('lines of a busy log are held back for a moment and written together', async () => {
  const write = vi.spyOn(fs, 'write')
  const log = openDestination(file, 'ACCESS_LOG', { sync: false })
  const lines = Array.from({ length: 10 }, (_, n) => line(n))
  for (const text of lines) log.write(text)
  expect(written()).toBe('')
  await vi.waitFor(() => expect(written()).toBe(lines.join('')))
  expect(write).toHaveBeenCalledTimes(1)
})

test('each write is of whole lines that a pipe takes at once', async () => {
  const write = vi.spyOn(fs, 'write')
  const log = openDestination(file, 'ACCESS_LOG', { sync: false })
  const lines = Array.from({ length: 500 }, (_, n) => line(n))
  for (const text of lines) log.write(text)
  await vi.waitFor(() => expect(written()).toBe(lines.join('')))
  const texts = write.mock.calls.map((call) => String(call[1]))
  expect(texts.length).toBeGreaterThan(20)
  expect(texts.length).toBeLessThan(40)
  for (const text of texts)
    expect({ ends: text.endsWith('\n'), fits: text.length <= 4096 }).toEqual({ ends: true, fits: true })
})

test('what is held back is written when it is flushed, and a log that is not busy writes at once', () => {
  const busy = openDestination(file, 'ACCESS_LOG', { sync: false })
  busy.write(line(1))
  busy.flush()
  expect(written()).toBe(line(1))
  openDestination(file, 'ERROR_LOG', { sync: true }).write(line(2))
  expect(written()).toBe(line(1) + line(2))
})
