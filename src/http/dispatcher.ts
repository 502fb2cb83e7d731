import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import type { NextFunction, Request, Response } from 'express'
import { OpenAPIBackend, type Request as OpenAPIRequest } from 'openapi-backend'
import { type BodySpec, type OperationId, operationIds, operations } from '../../generated/operations.ts'
import { serializers } from '../../generated/serializers.ts'
import { validators } from '../../generated/validators.js'
import { accessTable } from '../access/access-table.ts'
import { identifyCaller } from '../access/identify-caller.ts'
import { type AccessRule, decide, type Who } from '../access/rules.ts'
import type { AppContext } from '../context.ts'
import { fail } from '../errors.ts'
import { Unbuilt } from '../unbuilt.ts'
import { createAnswerCheck } from './answer-check.ts'
import { type AnswerCheck, type AnyReply, isUnexpected, sendError, sendReply, toApiError } from './answers.ts'
import { bodyLimits, createBodyRoom, type Room, type TakeRoom } from './body-room.ts'
import type { Exchange } from './exchange.ts'
import { handlers } from './handlers.ts'
import { createMock, type Mock, type MockDefinition } from './mock-answer.ts'
import { canonicalIds, readParameters } from './parameters.ts'
import type { ProxyTrust } from './proxy-trust.ts'
import { brokenOff, keptBytes, readRequestBody, schemaError } from './request-body.ts'
import { matchRoute } from './route-matcher.ts'
import { createSearchSlots, isSearch, type RunSearch, searchLimits } from './search-slots.ts'
import { breakOff, sendPieces } from './send-pieces.ts'

type AnyHandler = (ctx: AppContext, request: unknown) => Promise<AnyReply>
type AnySerializer = (body: never) => string
/** After so long the rights of a body's sender are looked at again: a change of access counts within a second (D24). */
const SLOW_BODY_MS = 250

/** What an operation's request meets, looked up once at the start. */
interface Route {
  readonly id: OperationId
  readonly handler: AnyHandler
  readonly rule: AccessRule<Who, unknown, unknown>
  readonly serializers: Readonly<Record<number, AnySerializer>>
  /** For operations that may keep the database busy. */
  readonly runSearch: RunSearch | null
  readonly takeRoom: TakeRoom
}

/**
 * The operations of the spec as one Express middleware.
 *
 * openapi-backend holds the document and runs each request: it finds the operation and calls its handler. Its router would
 * compile a regular expression per operation per request, so the two methods that it calls are replaced by the generated
 * route table, and whether an operation needs a token is read from there too (docs/decisions/001). The order of checks is
 * the contract's (access.md 7):
 * path 404, method 405, token 401, parameters, content type 415, body 400, path ids, access, handler.
 */
export async function createDispatcher(ctx: AppContext, trust: ProxyTrust) {
  const definition = JSON.parse(await readFile(new URL('../../generated/openapi.json', import.meta.url), 'utf8'))
  const check = ctx.config.validateAnswers ? createAnswerCheck(definition) : null
  const run = ctx.config.mockUnbuilt ? orMock(definition) : runOperation
  const api = new OpenAPIBackend({ definition, quick: true, validate: false, ajvOpts: { strict: false } })
  await api.init()
  replaceRouter(api)
  api.register({
    notFound: async () => Promise.reject(fail('path_not_found')),
    methodNotAllowed: async (_context, exchange: Exchange) => {
      const match = matchRoute(exchange.method, exchange.path)
      const allow = match && 'allow' in match ? match.allow.join(', ') : ''
      throw fail('method_not_allowed', {}, { allow })
    },
  })
  for (const route of createRoutes(ctx)) {
    api.registerHandler(route.id, async (_context, exchange: Exchange) => {
      const reply = await run(ctx, trust, route, exchange)
      if (reply.pieces) await sendPieces(exchange, { ...reply, pieces: reply.pieces }, check)
      else sendReply(exchange, reply, route.serializers[reply.status], check)
    })
  }
  return async (req: Request, res: Response, _next: NextFunction) => {
    const exchange = openExchange(req, res)
    // For the metrics and the trace, which ask at the end what the request was.
    res.locals.exchange = exchange
    try {
      await api.handleRequest(exchange as unknown as OpenAPIRequest, exchange)
    } catch (error) {
      answerError(ctx, exchange, error, check)
    }
  }
}

function replaceRouter(api: OpenAPIBackend): void {
  const found = new Map(
    api.router.getOperations().map((operation) => [operation.operationId, { ...operation, security: [] }]),
  )
  api.router.parseRequest = ((exchange: unknown) => exchange) as typeof api.router.parseRequest
  api.router.matchOperation = ((request: unknown) => {
    const exchange = request as Exchange
    const match = matchRoute(exchange.method, exchange.path)
    if (!match) throw new Error('404-notFound')
    if (!('id' in match)) throw new Error('405-methodNotAllowed')
    exchange.operation = match.id
    exchange.params = match.params
    return found.get(match.id)
  }) as typeof api.router.matchOperation
}

function createRoutes({ config }: AppContext): Route[] {
  const waitMs = (config.statementTimeoutSeconds || 25) * 1000
  const runSearch = createSearchSlots(searchLimits(config.databasePoolSize, waitMs))
  const takeRoom = createBodyRoom(bodyLimits(config.bodyMemoryBytes))
  return operationIds.map((id) => ({
    id,
    // The compiler lets no operation go without these two, but `npm run dev` does not wait for the compiler.
    handler: (handlers[id] as AnyHandler | undefined) ?? (() => Promise.reject(new Unbuilt(id))),
    rule: ((accessTable[id] as unknown) ?? decide) as AccessRule<Who, unknown, unknown>,
    serializers: serializers[id] as Readonly<Record<number, AnySerializer>>,
    runSearch: isSearch(id) ? runSearch : null,
    takeRoom,
  }))
}

async function runOperation(ctx: AppContext, trust: ProxyTrust, route: Route, exchange: Exchange): Promise<AnyReply> {
  const { handler, rule, id } = route
  const spec = operations[id]
  const validate = validators[id]
  if (spec.secured) exchange.caller = await identifyCaller(ctx, exchange.headers.authorization)
  const { path, query } = readParameters(spec, exchange.params, exchange.search)
  if (validate.parameters && !validate.parameters({ ...path, ...query })) {
    throw fail('invalid_parameter', { detail: schemaError('parameter', validate.parameters) })
  }
  const body = spec.body && (await readBodyInTime(ctx, route, exchange, spec.body))
  const params = canonicalIds(spec, path)
  const request = {
    params,
    query,
    rawQuery: spec.rawQuery ? new URLSearchParams(exchange.search) : undefined,
    body,
    caller: exchange.caller,
    subject: undefined as unknown,
    // Not a getter: one with a closure would keep each request alive until the next full garbage collection.
    client: trust.clientAddress(exchange.req),
    cookie: exchange.headers.cookie,
  }
  request.subject = await rule.resolve(ctx, exchange.caller as never, request)
  if (!route.runSearch) return handler(ctx, request)
  return route.runSearch({
    caller: exchange.caller?.id ?? '',
    describe: () => describeSearch(query),
    onGone: (leave) => onGone(exchange.res, leave),
    run: () => handler(ctx, request),
  })
}

/**
 * Reads the body, a large one when there is room for it. One that takes its time would act with the rights that its sender had
 * when it began: whoever was shut out meanwhile could finish requests that were begun before, hours later. So the token is
 * looked at again.
 */
async function readBodyInTime(
  ctx: AppContext,
  { id, takeRoom }: Route,
  exchange: Exchange,
  body: BodySpec,
): Promise<unknown> {
  const since = performance.now()
  const { secured } = operations[id]
  // Without a token bodies are small (request-body.ts).
  const bytes = secured ? keptBytes(ctx, exchange, body) : 0
  const room = bytes > 0 ? await waitForRoom(takeRoom, exchange, bytes) : null
  const stopWatching = room && endWhenWanted(room, exchange, ctx.config.silenceTimeoutSeconds)
  const content = await readRequestBody(ctx, exchange, { body, secured }, validators[id].body).finally(stopWatching)
  const isLate = performance.now() - since > SLOW_BODY_MS
  if (isLate && exchange.caller) exchange.caller = await identifyCaller(ctx, exchange.headers.authorization)
  return content
}

/** The room is given back with the answer: until then somebody may hold on to the bytes. */
async function waitForRoom(takeRoom: TakeRoom, { caller, req, res }: Exchange, bytes: number): Promise<Room> {
  const { socket } = req
  const { timeout = 0 } = socket
  // It is us whom the client waits for.
  socket.setTimeout(0)
  const room = await takeRoom({ caller: caller?.id ?? '', bytes, onGone: (leave) => onGone(res, leave) })
  socket.setTimeout(timeout)
  if (!room) throw brokenOff()
  onGone(res, room.giveBack)
  return room
}

/**
 * A body may take as long as it likes, but not the room of others: one that has taken five times what a silence may last is
 * broken off when others wait. Otherwise a few accounts that send a byte now and then could keep all large bodies waiting.
 */
function endWhenWanted(room: Room, { req }: Exchange, silenceSeconds: number): (() => void) | null {
  if (silenceSeconds === 0) return null
  const timer = setInterval(() => room.isWanted() && req.socket.destroy(), silenceSeconds * 5_000)
  return () => clearInterval(timer)
}

/** Calls `leave` when the answer has been sent or the client has left. */
function onGone(res: ServerResponse, leave: () => void): void {
  if (res.destroyed) leave()
  else res.once('close', leave)
}

/** The filters of a search that never ran, as they were sent. */
function describeSearch({ filter, additional_filters: additional }: Readonly<Record<string, unknown>>): string {
  const texts = [filter, additional].flat().filter((text) => typeof text === 'string')
  return texts.join(', ').slice(0, 200).toWellFormed() || 'too many searches run at once'
}

/** Runs an operation; one that nobody has built yet is answered with its example (MOCK_UNBUILT). */
function orMock(definition: MockDefinition): typeof runOperation {
  let mock: Promise<Mock> | undefined
  return async (ctx, trust, route, exchange) => {
    try {
      return await runOperation(ctx, trust, route, exchange)
    } catch (error) {
      if (!(error instanceof Unbuilt)) throw error
      mock ??= createMock(definition)
      return (await mock)(route.id, exchange.headers.prefer as string | undefined)
    }
  }
}

function openExchange(req: Request, res: Response): Exchange {
  const [path = '', search = ''] = splitUrl(req.url)
  return {
    req,
    res,
    method: req.method,
    path,
    search,
    headers: req.headers,
    requestId: String(req.id),
    operation: null,
    params: {},
    caller: null,
  }
}

function splitUrl(url: string): [string, string] {
  const mark = url.indexOf('?')
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)]
}

function answerError(ctx: AppContext, exchange: Exchange, thrown: unknown, check: AnswerCheck | null): void {
  const error = toApiError(thrown, exchange.requestId)
  const isUnderWay = exchange.res.headersSent
  if (isUnexpected(error) || isUnderWay) {
    ctx.log.error({ err: thrown, requestId: exchange.requestId, operation: exchange.operation }, error.message)
  }
  if (isUnderWay) {
    breakOff(exchange.res)
    return
  }
  try {
    sendError(exchange, error, exchange.operation && operations[exchange.operation], check)
  } catch (violation) {
    answerError(ctx, exchange, violation, null)
  }
}
