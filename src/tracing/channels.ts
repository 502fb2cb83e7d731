import { channel, tracingChannel } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * What the program tells whoever traces it. Nobody listens unless traces are on (`start-tracing.ts`), and then a
 * request or a statement costs one look at `hasSubscribers`; nothing of OpenTelemetry is loaded.
 */

/** One HTTP request. It goes on inside `runStores`, so that its statements find its trace. */
export interface RequestMessage {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  /** What the request turned out to be, to be asked at its end: operationId and path template. */
  readonly describe: () => { readonly operation: string; readonly route: string | undefined }
}

/** One SQL statement on a connection. Values are never part of it. */
export interface StatementMessage {
  readonly name: string | undefined
  readonly text: string
  readonly error?: unknown
}

export const requestChannel = channel('ibutsu:request')
export const statementChannel = tracingChannel<unknown, StatementMessage>('ibutsu:statement')

/** Runs a statement, and reports it to whoever traces. */
export function traceStatement<T>(statement: { name?: string; text: string }, run: () => Promise<T>): Promise<T> {
  if (!statementChannel.hasSubscribers) return run()
  return statementChannel.tracePromise(run, { name: statement.name, text: statement.text })
}
