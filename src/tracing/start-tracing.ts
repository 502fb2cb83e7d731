import { AsyncLocalStorage } from 'node:async_hooks'
import { tracingChannel } from 'node:diagnostics_channel'
import {
  type Attributes,
  type Context,
  DiagLogLevel,
  defaultTextMapGetter,
  diag,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Logger } from 'pino'
import { type RequestMessage, requestChannel, type StatementMessage, statementChannel } from './channels.ts'

/** How long the end of a process waits for a collector that does not answer. */
const flushMs = 3_000
const warnAgainMs = 60_000

export interface TracingOptions {
  /** OTEL_EXPORTER_OTLP_ENDPOINT, without the path of the signal. */
  readonly endpoint: string
  /** Part of the requests without a `traceparent` that are traced, 0 to 1; with one the caller has decided. */
  readonly ratio: number
  /** `web` or `worker`. */
  readonly role: string
  readonly version: string
  readonly log: Pick<Logger, 'warn'>
}

/** Sends what is left and ends. */
export type StopTracing = () => Promise<void>

/**
 * Turns traces on: a server span per request, and client spans of its SQL statements and Redis commands. It listens on
 * diagnostics channels, ours and ioredis's, instead of patching modules as the instrumentation packages do: they need
 * a loader hook before every other import, and the program would load them in each start.
 *
 * This is the only file that imports OpenTelemetry; import it only where traces are wanted. The exporter reads the
 * other standard variables itself (OTEL_EXPORTER_OTLP_HEADERS, _TIMEOUT, _COMPRESSION, _CERTIFICATE), the resource
 * OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES.
 */
export function startTracing(options: TracingOptions): StopTracing {
  warnOfFailures(options.log)
  const exporter = new OTLPTraceExporter({ url: `${options.endpoint.replace(/\/+$/, '')}/v1/traces` })
  const provider = new TracerProvider({
    resource: createResource(options),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  })
  const tracer = provider.getTracer('ibutsu-server', options.version)
  const current = new AsyncLocalStorage<Context>()
  const stopRequests = traceRequests(tracer, current)
  const stopStatements = traceCalls(statementChannel, tracer, current, describeStatement)
  const stopCommands = traceCalls(tracingChannel('ioredis:command'), tracer, current, describeCommand)
  return async () => {
    stopRequests()
    stopStatements()
    stopCommands()
    const giveUp = new Promise<void>((resolve) => setTimeout(resolve, flushMs).unref())
    await Promise.race([provider.shutdown().catch(() => undefined), giveUp])
    diag.disable()
  }
}

function createResource({ role, version }: TracingOptions) {
  const ours = resourceFromAttributes({
    'service.name': 'ibutsu-server',
    'service.version': version,
    'process.pid': process.pid,
    'ibutsu.role': role,
  })
  return defaultResource()
    .merge(ours)
    .merge(detectResources({ detectors: [envDetector] }))
}

/** Spans that can't be sent are lost; that is worth a line now and then, and never an error of ours. */
function warnOfFailures(log: TracingOptions['log']): void {
  let quietUntil = 0
  const warn = (message: string) => {
    if (performance.now() < quietUntil) return
    quietUntil = performance.now() + warnAgainMs
    log.warn(`traces: ${message.slice(0, 300)}`)
  }
  const ignore = () => undefined
  diag.setLogger(
    { error: warn, warn, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
}

/**
 * Server spans, named by operationId. The path itself and the query are left out: tokens and activation codes travel
 * there.
 */
function traceRequests(tracer: Tracer, current: AsyncLocalStorage<Context>): () => void {
  const propagator = new W3CTraceContextPropagator()
  const openSpan = (message: unknown): Context => {
    const { req, res, describe } = message as RequestMessage
    const caller = propagator.extract(ROOT_CONTEXT, req.headers, defaultTextMapGetter)
    const attributes = { 'http.request.method': req.method ?? '' }
    const span = tracer.startSpan('request', { kind: SpanKind.SERVER, attributes }, caller)
    res.once('close', () => {
      const { operation, route } = describe()
      span.updateName(operation)
      if (route) span.setAttribute('http.route', route)
      const requestId = res.getHeader('x-request-id')
      if (typeof requestId === 'string') span.setAttribute('ibutsu.request_id', requestId)
      if (res.writableFinished) span.setAttribute('http.response.status_code', res.statusCode)
      else span.setAttribute('error.type', 'aborted')
      if (res.writableFinished && res.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end()
    })
    return trace.setSpan(caller, span)
  }
  requestChannel.bindStore(current, openSpan)
  return () => void requestChannel.unbindStore(current)
}

interface Described {
  readonly name: string
  readonly attributes: Attributes
}

/** A statement goes by its name where it has one, else by its first word. Its text has $1 for every value. */
function describeStatement({ name, text }: StatementMessage): Described {
  const verb = /[a-z]+/i.exec(text)?.[0].toUpperCase() ?? 'SQL'
  return {
    name: name ?? verb,
    attributes: { 'db.system.name': 'postgresql', 'db.operation.name': verb, 'db.query.text': text },
  }
}

/** Arguments are left out: they hold what users sent. */
function describeCommand(message: { command: string; database?: number }): Described {
  const { command, database = 0 } = message
  const attributes = {
    'db.system.name': 'redis',
    'db.operation.name': command.toUpperCase(),
    'db.namespace': String(database),
  }
  return { name: command.toUpperCase(), attributes }
}

interface CallChannel {
  subscribe(subscribers: object): void
  unsubscribe(subscribers: object): void
}

/**
 * Client spans of the calls that a tracing channel reports. A call outside of a trace gets none: polls and the
 * process's own work would fill the collector.
 */
function traceCalls<M extends object>(
  calls: CallChannel,
  tracer: Tracer,
  current: AsyncLocalStorage<Context>,
  describe: (message: M) => Described,
): () => void {
  const spans = new WeakMap<object, Span>()
  const subscribers = {
    start(message: M) {
      const parent = current.getStore()
      if (!parent) return
      const { name, attributes } = describe(message)
      spans.set(message, tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, parent))
    },
    end() {},
    asyncStart() {},
    asyncEnd(message: M) {
      spans.get(message)?.end()
    },
    error(message: M & { error?: unknown }) {
      const { error } = message
      const code = error && typeof error === 'object' && 'code' in error ? String(error.code) : undefined
      const span = spans.get(message)
      span?.setStatus({ code: SpanStatusCode.ERROR })
      span?.setAttribute('error.type', code ?? (error instanceof Error ? error.name : 'error'))
    },
  }
  calls.subscribe(subscribers)
  return () => calls.unsubscribe(subscribers)
}
