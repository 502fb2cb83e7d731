import type { Dispatcher } from 'undici'
import type { Config } from '../config.ts'

export interface OutgoingRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal?: AbortSignal | undefined
  /** False takes any certificate. */
  readonly verifyTls?: boolean
}

/** Requests to other services: `ctx.outgoing`. */
export interface OutgoingHttp {
  /**
   * Like the global fetch, but through the proxy of the settings, with 10 s for the whole exchange, answers of 1 MB at
   * most, and no redirects followed. Answers that say so are cached.
   */
  fetch(url: string, request: OutgoingRequest): Promise<Response>
  close(): Promise<void>
}

const TIMEOUT_MS = 10_000
const MAX_BYTES = 1_000_000

/** `maxResponseSize` counts what comes over the line; a compressed answer may be a thousand times as large. */
function bounded(body: ReadableStream<Uint8Array> | null): ReadableStream<Uint8Array> | null {
  let bytes = 0
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.length
      if (bytes > MAX_BYTES) throw new Error(`the answer has more than ${MAX_BYTES} bytes`)
      controller.enqueue(chunk)
    },
  })
  return body?.pipeThrough(count) ?? null
}

type ProxySettings = Pick<Config, 'httpProxy' | 'httpsProxy' | 'noProxy'>

/** @param timeoutMs is for tests. */
export function createOutgoingHttp(settings: ProxySettings, timeoutMs = TIMEOUT_MS): OutgoingHttp {
  const opened = new Map<boolean, Promise<{ dispatcher: Dispatcher; close(): Promise<void> }>>()
  const open = async (verifyTls: boolean) => {
    // Most processes never ask anybody.
    const { EnvHttpProxyAgent, interceptors } = await import('undici')
    const agent = new EnvHttpProxyAgent({
      // Given in any case, or undici would read the environment by itself.
      httpProxy: settings.httpProxy ?? '',
      httpsProxy: settings.httpsProxy ?? '',
      noProxy: settings.noProxy ?? '',
      maxResponseSize: MAX_BYTES,
      connect: { timeout: timeoutMs, rejectUnauthorized: verifyTls },
      ...(verifyTls ? {} : { requestTls: { rejectUnauthorized: false } }),
    })
    return { dispatcher: agent.compose(interceptors.cache({ methods: ['GET'] })), close: () => agent.destroy() }
  }
  const agentFor = (verifyTls: boolean) => {
    const agent = opened.get(verifyTls) ?? open(verifyTls)
    opened.set(verifyTls, agent)
    return agent
  }
  return {
    async fetch(url, { verifyTls = true, signal, ...request }) {
      const { fetch } = await import('undici')
      const { dispatcher } = await agentFor(verifyTls)
      const timeout = AbortSignal.timeout(timeoutMs)
      const answer = await fetch(url, {
        ...request,
        redirect: 'manual',
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        dispatcher,
      })
      const { status, statusText, headers } = answer
      const body = bounded(answer.body as ReadableStream<Uint8Array> | null)
      return new Response(body, { status, statusText, headers: [...headers] })
    },
    async close() {
      for (const agent of opened.values()) await (await agent).close()
    },
  }
}
