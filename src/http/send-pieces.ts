import type { ServerResponse } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { type AnswerCheck, type AnyReply, JSON_TYPE, sendBody } from './answers.ts'
import type { Exchange } from './exchange.ts'

/**
 * Sends a JSON text, or bytes of a type, in pieces, as fast as the client takes them; other requests get their turn in
 * between. Nothing is sent before the first piece is there, so that what fails until then is answered like any error. A
 * client that leaves ends it quietly. With a `check` a JSON text is collected first.
 * @throws whatever making the pieces throws; when the head has been sent, `breakOff` must follow
 */
export async function sendPieces(
  exchange: Exchange,
  { status, type = JSON_TYPE, pieces, length, headers = {} }: AnyReply & Required<Pick<AnyReply, 'pieces'>>,
  check: AnswerCheck | null,
): Promise<void> {
  const { res, operation } = exchange
  if (check && operation) {
    if (length === undefined) {
      let text = ''
      for await (const piece of pieces) text += piece
      check(operation, status, type, text)
      return sendBody(exchange, status, type, text, headers)
    }
    check(operation, status, type, '')
  }
  for await (const piece of pieces) {
    if (res.destroyed) return
    if (!res.headersSent) {
      res.statusCode = status
      for (const name in headers) res.setHeader(name, headers[name] as string)
      res.setHeader('content-type', type)
      if (length !== undefined) res.setHeader('content-length', length)
    }
    if (!res.write(piece)) await untilWritable(res)
    await setImmediate()
  }
  res.end()
}

/**
 * Ends an answer that can't be completed so that the client notices. A reset, because to an HTTP/1.0 client (many a
 * proxy is one) the end of the connection is the end of the answer.
 */
export function breakOff(res: ServerResponse): void {
  if (res.socket) res.socket.resetAndDestroy()
  else res.destroy()
}

/** Resolves when the client has taken what was written, or is gone. */
function untilWritable(res: ServerResponse): Promise<void> {
  if (res.destroyed || !res.writableNeedDrain) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      res.off('drain', done)
      res.off('close', done)
      resolve()
    }
    res.on('drain', done)
    res.on('close', done)
  })
}
