import { setTimeout as sleep } from 'node:timers/promises'
import { createHttpClient, type HttpAnswer, type HttpBody, Unanswered } from './http-client.ts'
import type { Ledger } from './ledger.ts'

export interface RequestOptions {
  readonly body?: HttpBody
  /** Instead of the client's own. */
  readonly token?: string
  /** Called before each try. */
  readonly onTry?: () => void
}

/** How the real clients talk (contract, clients.md). */
export interface RealClient {
  /**
   * Sends a request and gives the answer, whatever it is; undefined when there was none. One that broke off after it was sent
   * is sent again, three times in all; one that was refused is given up at once. Only GET, PUT and DELETE are tried again on
   * 503 and 429, and only when the answer says when.
   */
  send(method: string, path: string, options?: RequestOptions): Promise<HttpAnswer | undefined>
  close(): void
}

const TRIES = 3

export function createRealClient(
  { url, token }: { readonly url: string; readonly token: string },
  ledger: Ledger,
): RealClient {
  const http = createHttpClient(url)
  const note = (method: string, path: string, what: string | number) => {
    const operation = path
      .split('?')[0]
      ?.split('/')
      .slice(2)
      .filter((part) => !/^[0-9a-f-]{36}$/.test(part))
      .join('/')
    const name = `${method} ${operation} ${what}`
    ledger.answers.set(name, (ledger.answers.get(name) ?? 0) + 1)
  }
  return {
    async send(method, path, options = {}) {
      for (let tries = 1; ; tries++) {
        options.onTry?.()
        try {
          const answer = await http.send(method, path, { token, ...options })
          note(method, path, answer.status)
          const later = Number(answer.headers['retry-after'])
          if (method !== 'POST' && [413, 429, 503].includes(answer.status) && later > 0 && tries < TRIES) {
            await sleep(later * 1000)
            continue
          }
          if (answer.status >= 500)
            ledger.refusals.push(`${method} ${path} ${answer.status} ${answer.body.subarray(0, 200)}`)
          return answer
        } catch (error) {
          if (!(error instanceof Unanswered)) throw error
          note(method, path, error.code)
          if (error.refused || tries >= TRIES) return undefined
        }
      }
    },
    close: http.close,
  }
}

/** Waits until the server takes connections again: the next session of a client that had to give up. */
export async function untilServed(url: string): Promise<void> {
  const http = createHttpClient(url)
  try {
    for (let tries = 0; tries < 600; tries++) {
      const answer = await http.send('GET', '/api/health').catch(() => undefined)
      if (answer?.status === 200) return
      await sleep(100)
    }
  } finally {
    http.close()
  }
  throw new Error('the server did not come back within a minute')
}
