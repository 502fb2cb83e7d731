import { Agent, request as send } from 'node:http'

export interface LossyAnswer {
  readonly status: number
  readonly text: string
}

/** A client of one connection, that it may cut. */
export interface LossyClient {
  /**
   * Sends JSON. With `cutAfterMs` it cuts the connection so long after everything was sent, or earlier when an answer
   * begins: it knows nothing then, and gets null.
   */
  ask(method: string, path: string, body: unknown, cutAfterMs?: number): Promise<LossyAnswer | null>
  close(): void
}

export function createLossyClient(port: number, token: string): LossyClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    ask: (method, path, body, cutAfterMs) =>
      new Promise((resolve, reject) => {
        const text = body === undefined ? '' : JSON.stringify(body)
        const headers = {
          authorization: `Bearer ${token}`,
          ...(text ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } : {}),
        }
        const request = send({ host: '127.0.0.1', port, method, path, agent, headers }, (answer) => {
          if (cutAfterMs !== undefined) return cut()
          let received = ''
          answer.setEncoding('utf8').on('data', (chunk: string) => {
            received += chunk
          })
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: received }))
          answer.on('error', reject)
        })
        const cut = () => {
          resolve(null)
          request.destroy()
        }
        request.on('error', (error) => (cutAfterMs === undefined ? reject(error) : resolve(null)))
        if (cutAfterMs !== undefined) request.on('finish', () => setTimeout(cut, cutAfterMs))
        request.end(text)
      }),
    close: () => agent.destroy(),
  }
}
