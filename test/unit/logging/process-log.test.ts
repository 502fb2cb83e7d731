import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from '../../../src/config.ts'
import { createLog } from '../../../src/logging/process-log.ts'

const HEAD = String.raw`\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000\] \[${process.pid}\]`

/** A log with these settings and what it has written. */
function collect(env: Record<string, string> = {}, name?: string) {
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(line), flush: () => undefined }
  return { log: createLog(readConfig(env), name, destination), text: () => lines.join('') }
}

describe('the log of a process', () => {
  it("has gunicorn's form", () => {
    const { log, text } = collect()
    log.info('Booting worker with pid: 5679')
    log.warn('Worker with pid 5678 was terminated')
    log.debug('not at this level')
    expect(text()).toMatch(
      new RegExp(
        `^${HEAD} \\[INFO\\] Booting worker with pid: 5679\n${HEAD} \\[WARNING\\] Worker with pid 5678 was terminated\n$`,
      ),
    )
  })

  it('shows fields, and stacks on lines of their own', () => {
    const { log, text } = collect()
    const error = Object.assign(new Error('it broke\n[2025-01-01 00:00:00 +0000] [1] [INFO] forged'), { code: 'E1' })
    log.error(
      { err: error, requestId: 'r-1', count: 3, path: 'a b', more: { x: 1 }, none: undefined },
      'a request failed',
    )
    const [first = '', ...rest] = text().trimEnd().split('\n')
    expect(first).toMatch(new RegExp(`^${HEAD} \\[ERROR\\] a request failed requestId=r-1 count=3 path="a b" more=`))
    expect(first).toContain('more={"x":1} error="it broke\\n[2025-01-01')
    expect(first).toContain('code=E1')
    expect(rest.length).toBeGreaterThan(2)
    for (const line of rest) expect(line).toMatch(/^ {2}/)
  })

  it('keeps each message on its line', () => {
    const { log, text } = collect()
    log.info('one\ntwo\r\u2028three\u001b[31m')
    expect(text().split('\n')).toHaveLength(2)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    expect(text().trimEnd()).not.toMatch(/[\u0000-\u001f\u2028]/)
  })

  it('is JSON where LOG_FORMAT says so, with the kind of process', () => {
    const { log, text } = collect({ LOG_FORMAT: 'json', LOG_LEVEL: 'debug' }, 'web')
    log.debug({ err: new Error('x'), requestId: 'r' }, 'said')
    expect(JSON.parse(text())).toMatchObject({
      level: 20,
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      pid: process.pid,
      process: 'web',
      requestId: 'r',
      msg: 'said',
      err: { message: 'x', stack: expect.stringContaining('Error: x') },
    })
  })

  it.each(['json', 'gunicorn'])('never shows a secret (%s)', (LOG_FORMAT) => {
    const { log, text } = collect({ LOG_FORMAT })
    const secrets = {
      password: 'hush-1',
      headers: { Authorization: 'Bearer hush-22222222', cookie: 'a=hush-3' },
      deep: [{ jwtSecret: 'hush-4', apiToken: { value: 'hush-5' } }],
      url: 'postgresql://ibutsu:hush-6@db/ibutsu?sslmode=require',
      text: 'got bearer hush-77777777 and token=hush-8 and eyJhbGciOi.eyJzdWIi.hush-9',
      err: Object.assign(new Error('refused redis://:hush-10@cache:6379'), { connectionString: 'x://u:hush-11@h' }),
    }
    log.error(secrets, 'logged in with password=hush-12')
    expect(text()).not.toContain('hush-')
    expect(text()).toContain('postgresql://ibutsu:[redacted]@db/ibutsu?sslmode=require')
  })

  it('leaves all else as it is', () => {
    const { log, text } = collect({ LOG_FORMAT: 'json' })
    log.info({ tokens: 3, hasPassword: true, secret: null, link: 'https://h/api/login/activate/abc' }, 'm')
    expect(JSON.parse(text())).toMatchObject({
      tokens: 3,
      hasPassword: true,
      secret: null,
      link: 'https://h/api/login/activate/abc',
    })
  })

  it('goes to a file, whose folder is made', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'log-'))
    const file = join(folder, 'a', 'error.log')
    createLog(readConfig({ ERROR_LOG: file })).info('one')
    createLog(readConfig({ ERROR_LOG: file })).info('two')
    expect(await readFile(file, 'utf8')).toMatch(/one\n.*two\n$/)
    expect(() => createLog(readConfig({ ERROR_LOG: folder }))).toThrow(ConfigError)
    expect(() => createLog(readConfig({ ERROR_LOG: '/proc/none/error.log' }))).toThrow(
      'ERROR_LOG: cannot write /proc/none',
    )
    await rm(folder, { recursive: true })
  })
})
