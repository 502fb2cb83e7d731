import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bindAddress, type Config, ConfigError, databaseUrl, readConfig } from '../../src/config.ts'
import { formatBind } from '../../src/settings/bind-address.ts'
import { settingsHelp } from '../../src/settings/help.ts'
import { settings } from '../../src/settings.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-'))
})
afterEach(() => rm(folder, { recursive: true }))

type Files = Readonly<Record<string, string>>

/** Reads settings where these files are the working directory's. */
async function read(env: Record<string, string> = {}, argv: string[] = [], files: Files = {}): Promise<Config> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return readConfig(env, argv, folder)
}

describe('a setting', () => {
  it.each<[keyof Config, Record<string, string>, string[], unknown]>([
    ['processes', {}, [], 1],
    ['processes', { GUNICORN_PROCESSES: '4' }, [], 4],
    ['processes', { GUNICORN_PROCESSES: '4' }, ['--workers', '2'], 2],
    ['processes', {}, ['--workers=2', '--workers=3'], 3],
    ['threads', { GUNICORN_THREADS: '2' }, [], 2],
    ['gracefulTimeoutSeconds', {}, [], 30],
    ['gracefulTimeoutSeconds', {}, ['--graceful-timeout', '0.5'], 0.5],
    ['workerTimeoutSeconds', {}, ['--timeout', '9'], 9],
    ['roles', {}, [], ['web', 'worker', 'scheduler']],
    ['roles', { ROLES: 'worker, web,web' }, [], ['web', 'worker']],
    ['workerMemoryBytes', {}, [], 0],
    ['workerMemoryBytes', { WORKER_MEMORY_LIMIT: '512Mi' }, [], 512 * 2 ** 20],
    ['workerMemoryBytes', { WORKER_MEMORY_LIMIT: '1.5G' }, [], ConfigError],
    ['workerMemoryBytes', { WORKER_MEMORY_LIMIT: '500MB' }, [], 500e6],
    ['forwardedAllowIps', {}, [], ['*']],
    ['forwardedAllowIps', { FORWARDED_ALLOW_IPS: '' }, [], []],
    [
      'forwardedAllowIps',
      { FORWARDED_ALLOW_IPS: '10.0.0.0/8,::1 192.168.0.1' },
      [],
      ['10.0.0.0/8', '::1', '192.168.0.1'],
    ],
    ['forwardedAllowIps', { FORWARDED_ALLOW_IPS: '10.0.0.0/33' }, [], ConfigError],
    ['forwardedAllowIps', { FORWARDED_ALLOW_IPS: 'proxy.local' }, [], ConfigError],
    ['secureSchemeHeaders', {}, [], { 'x-forwarded-proto': 'https' }],
    ['secureSchemeHeaders', { SECURE_SCHEME_HEADERS: '{"X-Ssl": "On"}' }, [], { 'x-ssl': 'on' }],
    [
      'secureSchemeHeaders',
      { SECURE_SCHEME_HEADERS: 'X-Ssl=on,X-Forwarded-Proto=https' },
      [],
      { 'x-ssl': 'on', 'x-forwarded-proto': 'https' },
    ],
    ['secureSchemeHeaders', { SECURE_SCHEME_HEADERS: '{"X-Ssl"' }, [], ConfigError],
    ['secureSchemeHeaders', { SECURE_SCHEME_HEADERS: 'X-Ssl' }, [], ConfigError],
    ['accessLog', {}, [], '-'],
    ['accessLog', {}, ['--access-logfile', '-'], '-'],
    ['accessLog', { ACCESS_LOG: 'off' }, [], null],
    ['accessLog', { ACCESS_LOG: 'false' }, [], null],
    ['accessLog', { ACCESS_LOG: 'true' }, [], '-'],
    ['accessLog', { ACCESS_LOG: '/var/log/access' }, [], '/var/log/access'],
    ['logFormat', {}, [], undefined],
    ['logFormat', { LOG_FORMAT: 'JSON' }, [], 'json'],
    ['logFormat', { LOG_FORMAT: 'xml' }, [], ConfigError],
    ['logLevel', { LOG_LEVEL: 'WARNING' }, [], 'warn'],
    ['logLevel', { LOG_LEVEL: 'loud' }, [], ConfigError],
    ['metricsBind', {}, [], undefined],
    ['metricsBind', { METRICS_BIND: 'off' }, [], undefined],
    ['metricsBind', { METRICS_BIND: ':9464' }, [], { kind: 'tcp', host: '0.0.0.0', port: 9464 }],
    ['databasePort', { POSTGRESQL_PORT: 'tcp://172.30.4.9:5433' }, [], 5433],
    ['port', { PORT: '65536' }, [], ConfigError],
    ['port', { PORT: '' }, [], ConfigError],
    ['processes', { GUNICORN_PROCESSES: '0' }, [], ConfigError],
    ['userLoginEnabled', { USER_LOGIN_ENABLED: 'Yes' }, [], true],
    ['userLoginEnabled', { USER_LOGIN_ENABLED: 'on' }, [], false],
    ['userLoginEnabled', { USER_LOGIN_ENABLED: '' }, [], ConfigError],
    ['databaseWaitSeconds', {}, [], 60],
    ['brokerUrl', { CELERY_BROKER_URL: 'redis://a', REDIS_URL: 'redis://b' }, [], 'redis://a'],
    ['brokerUrl', { REDIS_URL: 'redis://b' }, [], 'redis://b'],
    ['resultBackendUrl', { CELERY_RESULT_BACKEND: 'redis://a' }, [], 'redis://a'],
  ])('%s of %j %j', async (key, env, argv, wanted) => {
    if (wanted === ConfigError) await expect(read(env, argv)).rejects.toThrow(ConfigError)
    else expect((await read(env, argv))[key]).toEqual(wanted)
  })

  it.each([
    ['0.0.0.0:80', { kind: 'tcp', host: '0.0.0.0', port: 80 }],
    ['[::1]:8080', { kind: 'tcp', host: '::1', port: 8080 }],
    ['unix:/run/ibutsu.sock', { kind: 'unix', path: '/run/ibutsu.sock' }],
    ['unix:///run/ibutsu.sock', { kind: 'unix', path: '/run/ibutsu.sock' }],
    ['fd://3', { kind: 'fd', fd: 3 }],
  ])('binds to %s', async (text, address) => {
    const bound = bindAddress(await read({ BIND: text }))
    expect(bound).toEqual(address)
    expect(formatBind(bound)).toBe(text.replace('unix://', 'unix:'))
  })

  it.each(['8080', '::1:8080', 'host:', 'host:99999', 'unix:', 'fd://x', 'http://h:1'])('does not bind to %s', (text) =>
    expect(read({ BIND: text })).rejects.toThrow(`BIND must be like 0.0.0.0:8080`),
  )

  it('binds to HOST and PORT where BIND is not set', async () => {
    expect(bindAddress(await read({ PORT: '90' }, ['--host', '::1']))).toEqual({ kind: 'tcp', host: '::1', port: 90 })
  })
})

describe('the order of sources', () => {
  const shipped = 'JWT_ISSUER: shipped\nPOSTGRESQL_HOST: localhost\nPOSTGRESQL_PORT: 5432\n'

  it('is default, default.settings.yaml, settings.yaml, APP_CONFIG, environment, FLASK_, flags', async () => {
    const issuer = async (...args: Parameters<typeof read>) => (await read(...args)).jwtIssuer
    expect(await issuer()).toBe('org.ibutsu-project.server')
    expect(await issuer({}, [], { 'default.settings.yaml': shipped })).toBe('shipped')
    expect(await issuer({}, [], { 'settings.yaml': 'JWT_ISSUER: ours' })).toBe('ours')
    expect(await issuer({ APP_CONFIG: 'app.json' }, [], { 'app.json': '{"JWT_ISSUER": "app"}' })).toBe('app')
    const env = { APP_CONFIG: 'app.json', JWT_ISSUER: 'env' }
    expect(await issuer(env)).toBe('env')
    expect(await issuer({ ...env, FLASK_JWT_ISSUER: 'flask' })).toBe('flask')
    const port = { PORT: '1', FLASK_PORT: '2' }
    expect((await read(port)).port).toBe(2)
    expect((await read(port, ['--port', '3'])).port).toBe(3)
  })

  it('merges by name before it looks which name of a setting counts, as Ibutsu does', async () => {
    const files = { 'default.settings.yaml': shipped }
    expect((await read({ POSTGRESQL_HOSTNAME: 'db', POSTGRES_HOST: 'other' }, [], files)).databaseHost).toBe(
      'localhost',
    )
    expect((await read({ POSTGRESQL_HOST: 'db' }, [], files)).databaseHost).toBe('db')
  })

  it('counts a host from a file as a configured database', async () => {
    expect(databaseUrl(await read({}, [], { 'settings.yaml': shipped }))).toBe(
      'postgresql://ibutsu:ibutsu@localhost:5432/ibutsu',
    )
    expect(databaseUrl(await read({ POSTGRESQL_HOST: 'db', FLASK_POSTGRESQL_HOST: 'null' }))).toBeUndefined()
  })

  it.each([
    ['true', 'true'],
    ['"a \\"b\\""', 'a "b"'],
    ['0123', '0123'],
    ['[1, 2]', '[1, 2]'],
  ])('reads FLASK_ values as JSON where they are: %s', async (text, value) => {
    expect((await read({ FLASK_JWT_ISSUER: text })).jwtIssuer).toBe(value)
  })
})

describe('a settings file', () => {
  it('holds upper-case names; texts stay as written, null takes away, the rest is ignored', async () => {
    const config = await read({}, [], {
      'default.settings.yaml': 'POSTGRESQL_HOST: a\nFRONTEND_URL: x\n',
      'settings.yaml':
        'POSTGRESQL_HOST:\nPOSTGRESQL_PASSWORD: 0123\nport: 9\nUSER_LOGIN_ENABLED: False\nUNKNOWN: [1]\n',
    })
    expect(config).toMatchObject({ databasePassword: '0123', port: 8080, userLoginEnabled: false, frontendUrl: 'x' })
    expect(config.databaseHost).toBeUndefined()
  })

  it.each([
    ["SQLALCHEMY_ENGINE_OPTIONS:\n  connect_args:\n    options: '-c statement_timeout=7000'", 7],
    ["SQLALCHEMY_ENGINE_OPTIONS: {connect_args: {options: '-c statement_timeout=9s'}}", 9],
    ["STATEMENT_TIMEOUT: 3\nSQLALCHEMY_ENGINE_OPTIONS: {connect_args: {options: '-c statement_timeout=9s'}}", 3],
    ['SQLALCHEMY_ENGINE_OPTIONS: {pool_size: 4}', 25],
  ])('tells the statement timeout: %j', async (text, timeout) => {
    expect((await read({}, [], { 'settings.yaml': text })).statementTimeoutSeconds).toBe(timeout)
  })

  it.each([
    ['PORT: x', 'PORT in settings.yaml must be a whole number from 0 to 65535, not "x"'],
    ['- a', 'settings.yaml must hold names and values'],
    ['A: [', 'settings.yaml: '],
  ])('that is wrong is named: %j', (text, message) =>
    expect(read({}, [], { 'settings.yaml': text })).rejects.toThrow(message),
  )

  it('may be empty', async () => expect((await read({}, [], { 'settings.yaml': '# nothing\n' })).port).toBe(8080))

  it('that APP_CONFIG names must be there, but for config.py', async () => {
    expect((await read({ APP_CONFIG: 'config.py' })).port).toBe(8080)
    await expect(read({ APP_CONFIG: 'gone.yaml' })).rejects.toThrow('APP_CONFIG: there is no file gone.yaml')
    await expect(read({}, ['--config', 'gone.yaml'])).rejects.toThrow(ConfigError)
    expect((await read({}, ['--config', 'a.yaml'], { 'a.yaml': 'PORT: 81' })).port).toBe(81)
    await expect(read({ APP_CONFIG: 'config.py' }, [], { 'config.py': 'workers = 1\n' })).rejects.toThrow('config.py')
  })
})

describe('a secret from a file', () => {
  it('is read for every secret, one line end trimmed', async () => {
    const env: Record<string, string> = {}
    const secrets = Object.entries(settings).filter(([, setting]) => 'secret' in setting && setting.secret)
    for (const [
      ,
      {
        env: [name = ''],
      },
    ] of secrets)
      env[`${name}_FILE`] = 'secret.txt'
    const config = await read(env, [], { 'secret.txt': ' s3cret \n' })
    expect(secrets.length).toBeGreaterThan(5)
    for (const [key] of secrets) expect(config[key as keyof Config], key).toBe(' s3cret ')
  })

  it('must be readable, and set in one way', async () => {
    await expect(read({ JWT_SECRET_FILE: 'gone' })).rejects.toThrow('JWT_SECRET_FILE: cannot read gone (ENOENT)')
    await expect(read({ JWT_SECRET_FILE: 'a', JWT_SECRET: 'b' })).rejects.toThrow(
      'Set JWT_SECRET or JWT_SECRET_FILE, not both',
    )
  })

  it('goes before a settings file', async () => {
    const files = { 'settings.yaml': 'JWT_SECRET: old', key: 'new' }
    expect((await read({ JWT_SECRET_FILE: 'key' }, [], files)).jwtSecret).toBe('new')
  })
})

describe('a mistake', () => {
  it.each<[Record<string, string>, string[], string]>([
    [{ GUNICORN_PROCESSES: 'x' }, [], 'GUNICORN_PROCESSES must be a whole number from 1 to 1024, not "x"'],
    [{ FLASK_PORT: 'x' }, [], 'FLASK_PORT must be a whole number'],
    [{}, ['--workers', 'x'], '--workers must be a whole number from 1 to 1024, not "x"'],
    [{}, ['--wrokers', '4'], 'There is no flag --wrokers; did you mean --workers?'],
    [{}, ['--worker=4'], 'There is no flag --worker; did you mean --workers?'],
    [{}, ['--zzz'], 'There is no flag --zzz'],
    [{}, ['--no-workers'], 'There is no flag --no-workers'],
    [{}, ['--workers'], '--workers needs a value'],
    [{}, ['--bind', '--workers', '2'], '--bind needs a value'],
    [{}, ['8080'], '"8080" is not understood; flags begin with --'],
    [{ ROLES: 'web,cook' }, [], 'ROLES must be a list of web, worker, scheduler, not "web,cook"'],
    [{ ROLES: '' }, [], 'ROLES must be a list'],
    [{ IBUTSU_SUPERADMIN_MAIL: 'a@b' }, [], 'IBUTSU_SUPERADMIN_MAIL is no setting; those are IBUTSU_SUPERADMIN_EMAIL'],
    [{ FLASK_IBUTSU_SUPERADMIN_MAIL: 'a@b' }, [], 'FLASK_IBUTSU_SUPERADMIN_MAIL is no setting'],
  ])('in %j %j is named in one line', async (env, argv, message) => {
    const thrown = await read(env, argv).catch((error: Error) => error)
    expect(thrown).toBeInstanceOf(ConfigError)
    expect((thrown as Error).message).toContain(message)
    expect((thrown as Error).message).not.toContain('\n')
  })
})

it('the help has each flag once and each other variable', () => {
  const help = settingsHelp()
  for (const setting of Object.values(settings)) {
    if ('flag' in setting) expect(help.split(`--${setting.flag} `)).toHaveLength(2)
    else expect(help).toContain(setting.env[0])
  }
})
