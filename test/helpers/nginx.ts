import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request as httpsRequest } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from './server.ts'

/** Debian's nginx is in /usr/sbin, which is not in everybody's path. */
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` }

/** The documented example, run as it is but for ports, paths and the name. */
const example = new URL('../../deploy/nginx/ibutsu.conf', import.meta.url)
export const SITE = 'ibutsu.test'

export interface Nginx {
  readonly httpPort: number
  readonly httpsPort: number
  /** The certificate that clients must trust. */
  readonly certificate: string
  errorLog(): Promise<string>
  stop(): Promise<void>
}

/** Why nginx cannot be run here, or undefined. */
export function missingForNginx(): string | undefined {
  for (const [program, flag] of [
    ['nginx', '-v'],
    ['openssl', 'version'],
  ] as const) {
    if (spawnSync(program, [flag], { env }).status !== 0) return `${program} is not installed`
  }
  return undefined
}

/** Runs nginx with the documented configuration, in front of a server on this port of 127.0.0.1. */
export async function startNginx(serverPort: number): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'ibutsu-nginx-'))
  const certificate = await makeCertificate(folder)
  const [httpPort, httpsPort] = [await freePort(), await freePort()]
  const site = replaceAll(await readFile(example, 'utf8'), [
    ['server 127.0.0.1:8080;', `server 127.0.0.1:${serverPort};`],
    ['listen 80;', `listen 127.0.0.1:${httpPort};`],
    ['listen 443 ssl;', `listen 127.0.0.1:${httpsPort} ssl;`],
    ['server_name ibutsu.example.com;', `server_name ${SITE};`],
    ['/etc/nginx/tls/ibutsu.crt', join(folder, 'tls.crt')],
    ['/etc/nginx/tls/ibutsu.key', join(folder, 'tls.key')],
  ])
  await writeFile(join(folder, 'site.conf'), site)
  await writeFile(join(folder, 'nginx.conf'), mainConfig(folder))
  await mkdir(join(folder, 'body'))
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const errorLog = () => readFile(join(folder, 'error.log'), 'utf8').catch(() => '')
  const up = await eventually(() => answers(httpsPort, certificate), Boolean)
  if (!up) throw new Error(`nginx did not start: ${await errorLog()}`)
  return {
    httpPort,
    httpsPort,
    certificate,
    errorLog,
    async stop() {
      child.kill('SIGQUIT')
      setTimeout(() => child.kill('SIGTERM'), 2_000).unref()
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** What Debian's /etc/nginx/nginx.conf has around a site. */
function mainConfig(folder: string): string {
  return `
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 512; }
http {
  access_log off;
  error_log ${folder}/error.log warn;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  include ${folder}/site.conf;
}
`
}

function replaceAll(text: string, pairs: readonly (readonly [string, string])[]): string {
  let result = text
  for (const [from, to] of pairs) {
    if (!result.includes(from)) throw new Error(`deploy/nginx/ibutsu.conf has no "${from}"`)
    result = result.replaceAll(from, to)
  }
  return result
}

async function makeCertificate(folder: string): Promise<string> {
  const files = ['-keyout', join(folder, 'tls.key'), '-out', join(folder, 'tls.crt')]
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const names = ['-subj', `/CN=${SITE}`, '-addext', `subjectAltName=DNS:${SITE}`]
  execFileSync('openssl', ['req', ...kind, ...files, ...names], { stdio: 'pipe' })
  return readFile(join(folder, 'tls.crt'), 'utf8')
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

function answers(port: number, ca: string): Promise<boolean> {
  return new Promise((resolve) => {
    httpsRequest({ host: '127.0.0.1', port, servername: SITE, ca, path: '/' }, (answer) => {
      answer.resume()
      resolve(true)
    })
      .on('error', () => resolve(false))
      .end()
  })
}
