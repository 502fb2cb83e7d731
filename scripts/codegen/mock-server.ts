import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createMock, type MockDefinition } from '../../src/http/mock-answer.ts'
import { readParameters } from '../../src/http/parameters.ts'
import { createValidators } from './emit-validators.ts'
import type { Ir, Operation } from './operations.ts'

/** What a mock answers. */
interface Answer {
  readonly status: number
  readonly type?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

const problem = (status: number, title: string, detail: string): Answer => ({
  status,
  type: 'application/problem+json',
  body: JSON.stringify({ type: 'about:blank', title, status, detail }),
})

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': '*',
  'access-control-allow-methods': 'GET, PUT, POST, DELETE, PATCH, OPTIONS',
  'access-control-expose-headers': '*',
}

/**
 * A server that answers every operation of a spec with its example, for front-end developers. Parameters and JSON bodies
 * are checked as the real server checks them; tokens are not looked at. `Prefer: code=404` asks for another answer.
 */
export async function createMockServer(ir: Ir): Promise<Server> {
  const mock = await createMock(ir.document as unknown as MockDefinition)
  const validators = createValidators(ir)

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { pathname, search } = new URL(request.url ?? '/', 'http://mock')
    const found = ir.operations.flatMap((operation) => {
      const params = matchPath(operation.path, pathname)
      return params ? [{ operation, params }] : []
    })
    // Of two paths that fit, the one with fewer parameters goes first, as the router has it.
    found.sort((a, b) => Object.keys(a.params).length - Object.keys(b.params).length)
    if (found.length === 0) return problem(404, 'Not Found', 'There is nothing at this path.')
    const match = found.find(({ operation }) => operation.method === request.method)
    if (!match) return problem(405, 'Method Not Allowed', 'This path does not answer to that method.')
    const { operation, params } = match
    const { parameters, body } = validators(operation.id)
    const sent = readParameters(operation, params, search.slice(1))
    if (parameters && !parameters({ ...sent.path, ...sent.query })) {
      return problem(400, 'Bad Request', `parameter${said(parameters)}`)
    }
    const wrong = await checkBody(request, operation, body)
    return wrong ?? (mock(operation.id, String(request.headers.prefer ?? '')) as Answer)
  }

  return createServer((request, response) => {
    if (request.method === 'OPTIONS') return send(response, { status: 204 })
    answer(request)
      .catch((error) => problem(500, 'Internal Server Error', String(error)))
      .then((reply) => send(response, reply))
  })
}

function send(response: ServerResponse, { status, type, body = '', headers = {} }: Answer): void {
  response.writeHead(status, { ...CORS, ...headers, ...(type ? { 'content-type': type } : {}) })
  response.end(body)
}

/** The parameters of a path, or null where it does not fit. */
function matchPath(template: string, path: string): Record<string, string> | null {
  const wanted = template.split('/')
  const sent = path.split('/')
  if (wanted.length !== sent.length) return null
  const params: Record<string, string> = {}
  for (const [index, step] of wanted.entries()) {
    const value = sent[index] ?? ''
    if (step.startsWith('{') && value !== '') params[step.slice(1, -1)] = decode(value)
    else if (step !== value) return null
  }
  return params
}

function decode(step: string): string {
  try {
    return decodeURIComponent(step)
  } catch {
    return step
  }
}

type Validate = ReturnType<ReturnType<typeof createValidators>>['body']

/** A form is taken as it is: a mock keeps no files. */
async function checkBody(request: IncomingMessage, { body }: Operation, validate: Validate): Promise<Answer | null> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  if (!body) return null
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim()
  if (type !== body.mediaType && !body.anyType) {
    return problem(415, 'Unsupported Media Type', `Invalid Content-type (${type}), expected ['${body.mediaType}']`)
  }
  if (body.kind === 'multipart') return null
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString())
    return validate && !validate(value) ? problem(400, 'Bad Request', `body${said(validate)}`) : null
  } catch (error) {
    return problem(400, 'Bad Request', `The request body is not valid JSON: ${(error as Error).message}`)
  }
}

function said(validate: NonNullable<Validate>): string {
  const [error] = validate.errors ?? []
  return `${error?.instancePath ?? ''} ${error?.message ?? 'does not fit its schema'}`
}
