import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { routes } from '../../generated/operations.ts'
import { type Setting, settings } from '../../src/settings.ts'
import { exitCodes } from '../../src/supervisor/exit-codes.ts'
import { parseDockerfile } from '../container/dockerfile.ts'

// What the YAML says is looked at loosely; a wrong shape fails the test that meets it.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Yaml = any

const read = (path: string) => readFileSync(path, 'utf8')
const readYaml = (text: string): Yaml => parse(text, { merge: true })

// A secret may also come from a file.
const known = new Set(
  Object.values<Setting>(settings).flatMap(({ env, secret }) => [
    ...env,
    ...(secret ? env.map((name) => `${name}_FILE`) : []),
  ]),
)
const image = parseDockerfile(read('Dockerfile')).at(-1)?.instructions ?? []
const exposed = (image.find(({ name }) => name === 'EXPOSE')?.text ?? '').split(' ').map(Number)

const templateText = read('deploy/openshift/template.yaml')
const template = readYaml(templateText)
/** The template as `oc process` would give it. */
function processTemplate(): Yaml[] {
  const values = new Map<string, string>(
    template.parameters.map((one: Yaml) => [one.name, one.value ?? `${one.name}-x`]),
  )
  const text = templateText.replace(/\$\{\{?(\w+)\}?\}/g, (whole, name) => values.get(name) ?? whole)
  return readYaml(text).objects
}
const objects = processTemplate()
const ofKind = (kind: string) => objects.filter((object) => object.kind === kind)
const compose = readYaml(read('deploy/compose/compose.yaml'))
const pod = readYaml(read('deploy/podman/dev.yaml'))
const podServer = pod.spec.containers.find(({ name }: Yaml) => name === 'server')

const deployments = ofKind('Deployment')
const containers = deployments.map((deployment) => deployment.spec.template.spec.containers[0])

function yamlFiles(folder = 'deploy'): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => join(folder, name))
}

it.each(yamlFiles())('%s is YAML', (file) => {
  expect(readYaml(read(file))).toBeTypeOf('object')
})

describe('settings', () => {
  const named = [
    ...containers.flatMap(({ env }) => env.map(({ name }: Yaml) => name)),
    ...[...ofKind('Secret'), ...ofKind('ConfigMap')].flatMap((object) => Object.keys(object.stringData ?? object.data)),
    ...Object.keys(compose.services.server.environment),
    ...Object.keys(compose.services.worker.environment),
    ...podServer.env.map(({ name }: Yaml) => name),
    ...[...read('docs/deployment.md').matchAll(/`([A-Z][A-Z\d]*(?:_[A-Z\d]+)+)(?:=[^`]*)?`/g)].map(([, name]) => name),
  ]
  // Of Node, of glibc, of the platform, or of a file in deploy/, and not ours.
  const others = new Set([
    'MALLOC_ARENA_MAX',
    'NODE_ENV',
    'NODE_COMPILE_CACHE',
    'POSTGRES_PASSWORD',
    'SUPERADMIN_PASSWORD',
    'SUPERADMIN_EMAIL',
  ])
  const parameters = new Set<string>(template.parameters.map(({ name }: Yaml) => name))

  it('are all in the table', () => {
    expect(named.length).toBeGreaterThan(30)
    const unknown = named.filter((name) => !known.has(name) && !others.has(name) && !parameters.has(name))
    expect(unknown).toEqual([])
  })

  it('are the ones that the image sets', () => {
    const env = image.find(({ name }) => name === 'ENV')?.text ?? ''
    const names = [...env.matchAll(/(\w+)=/g)].map(([, name]) => name ?? '')
    expect(names.filter((name) => !known.has(name) && !others.has(name))).toEqual([])
    expect(env).toContain(`PORT=${exposed[0]} `)
    expect(env).toContain(`METRICS_BIND=0.0.0.0:${exposed[1]}`)
  })

  it('make up every role once', () => {
    const roles = containers.map(({ env }) => env.find(({ name }: Yaml) => name === 'ROLES').value)
    expect(roles).toEqual(['web', 'worker', 'scheduler'])
    const { server, worker } = compose.services
    expect(`${server.environment.ROLES},${worker.environment.ROLES}`).toBe('web,worker,scheduler')
  })
})

describe('probes and ports', () => {
  const probes = containers.flatMap((container: Yaml) =>
    ['startupProbe', 'livenessProbe', 'readinessProbe'].flatMap((kind) => container[kind]?.httpGet ?? []),
  )

  it('ask for paths that exist, on ports of the image', () => {
    expect(probes.length).toBe(7)
    for (const { path, port } of probes) {
      if (port === 9464) expect(path).toBe('/metrics')
      else if (path !== '/') expect(Object.keys(routes.static)).toContain(path)
      expect(exposed).toContain(port)
    }
  })

  it('keep the times that operators know', () => {
    const [web] = containers
    expect(web.livenessProbe).toMatchObject({ httpGet: { path: '/' }, initialDelaySeconds: 0, periodSeconds: 30 })
    expect(web.readinessProbe).toMatchObject({ initialDelaySeconds: 5, periodSeconds: 10 })
  })

  it('are the ports of the image everywhere', () => {
    const ports = [...containers, podServer].flatMap(({ ports }: Yaml) => ports.map((one: Yaml) => one.containerPort))
    const services = ofKind('Service').flatMap(({ spec }) => spec.ports.map((one: Yaml) => one.targetPort))
    const published = compose.services.server.ports.map((text: string) => Number(text.split(':').at(-1)))
    expect(new Set([...ports, ...services, ...published])).toEqual(new Set(exposed))
    expect(read('deploy/nginx/ibutsu.conf')).toContain(`server 127.0.0.1:${exposed[0]};`)
    expect(read('deploy/systemd/ibutsu.socket')).toContain(`ListenStream=127.0.0.1:${exposed[0]}\n`)
  })
})

describe('the OpenShift template', () => {
  it('declares every parameter and uses each', () => {
    const used = new Set([...templateText.matchAll(/\$\{\{?(\w+)\}/g)].map(([, name]) => name))
    expect(used).toEqual(new Set(template.parameters.map(({ name }: Yaml) => name)))
  })

  it('ends pods later than the server takes', () => {
    for (const { spec } of deployments) expect(spec.template.spec.terminationGracePeriodSeconds).toBe(60)
    expect(Number(settings.gracefulTimeoutSeconds.fallback)).toBeLessThan(60 - 5)
  })

  it('runs every pod locked down, with limits and a place for temporary files', () => {
    for (const container of containers) {
      expect(container.securityContext.readOnlyRootFilesystem).toBe(true)
      expect(container.resources.limits).toMatchObject({ cpu: expect.any(String), memory: expect.any(String) })
      expect(container.volumeMounts).toEqual([{ name: 'tmp', mountPath: '/tmp' }])
      // The command is the image's.
      expect(container).not.toHaveProperty('command')
    }
  })

  it('selects what it labels', () => {
    const labels = deployments.map(({ spec }) => spec.template.metadata.labels)
    deployments.forEach(({ spec }, n) => {
      expect(spec.selector.matchLabels).toEqual(labels[n])
    })
    const [service, metrics] = ofKind('Service')
    expect(service.spec.selector).toEqual(labels[0])
    for (const each of labels) expect(each).toMatchObject(metrics.spec.selector)
    expect(ofKind('PodDisruptionBudget')[0].spec.selector.matchLabels).toEqual(labels[0])
    expect(ofKind('HorizontalPodAutoscaler')[0].spec.scaleTargetRef.name).toBe(deployments[0].metadata.name)
    expect(ofKind('Route')[0].spec.to.name).toBe(service.metadata.name)
    expect(ofKind('HorizontalPodAutoscaler')[0].spec.minReplicas).toBeTypeOf('number')
  })
})

it('systemd starts what the image starts', () => {
  const command = image.find(({ name }) => name === 'CMD')?.json ?? []
  expect(read('deploy/systemd/ibutsu.service')).toContain(`\nExecStart=/usr/bin/${command.join(' ')}\n`)
})

describe('docs/deployment.md', () => {
  const text = read('docs/deployment.md')
  const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => read(join('src', name)))
    .join('\n')

  it('lists the exit codes', () => {
    const listed = [...text.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code))
    expect(listed).toEqual([...Object.values(exitCodes), 137])
  })

  it('quotes messages that exist', () => {
    const quoted = [...text.matchAll(/`([a-z][\w ']*[a-z]:?)`/gi)].map(([, words]) => words ?? '')
    const messages = quoted.filter(
      (words) => words.split(' ').length > 2 && !/^(npm|node|oc|systemctl|podman) /.test(words),
    )
    expect(messages.length).toBeGreaterThan(8)
    expect(messages.filter((words) => !source.includes(words))).toEqual([])
  })

  it('links to files that exist', () => {
    const links = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, path]) => join('docs', path ?? ''))
    expect(links.length).toBeGreaterThan(8)
    expect(links.filter((path) => !existsSync(path))).toEqual([])
  })

  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json'))
    const named = [...`${text}${read('deploy/podman/dev.yaml')}`.matchAll(/npm run (\w+)/g)].map(
      ([, name]) => name ?? '',
    )
    expect([...named, podServer.command[2]].filter((name) => !(name in scripts))).toEqual([])
  })
})
