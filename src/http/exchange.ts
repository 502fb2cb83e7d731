import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { OperationId } from '../../generated/operations.ts'
import type { Caller } from '../access/caller.ts'

/** One request on its way through the dispatcher. Filled step by step: match, caller. */
export interface Exchange {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly method: string
  /** The path without the query, as sent. */
  readonly path: string
  /** The query without its question mark. */
  readonly search: string
  readonly headers: IncomingHttpHeaders
  readonly requestId: string
  operation: OperationId | null
  params: Readonly<Record<string, string>>
  caller: Caller | null
}
