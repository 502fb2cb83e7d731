import type { Amount } from '../seed.ts'
import type { Answer, Connections, Sent } from './connections.ts'

/** What the operations of a load share. */
export interface LoadContext {
  readonly connections: Connections
  /** What was there before the load. */
  readonly amount: Amount
  /** Artifacts that were stored lately, to be read back. */
  readonly artifacts: StoredArtifact[]
}

export interface StoredArtifact {
  readonly id: string
  readonly content: Buffer
}

/** One kind of thing that clients do. */
export interface Operation {
  readonly name: string
  /** How often, in relation to the others. */
  readonly weight: number
  /** It takes long by itself: it is begun at its turn, at most so many at once, and nothing waits for its end. */
  readonly background?: number
  /** May say a more exact name for what it did. @throws Error when an answer is wrong. */
  run(): Promise<string | undefined>
}

/** A whole number below `n`. */
export const any = (n: number): number => Math.floor(Math.random() * n)

/** Sends JSON, or nothing. */
export async function ask({ connections }: LoadContext, method: string, path: string, json?: unknown): Promise<Answer> {
  const sent: Sent = { method, path, ...(json === undefined ? {} : { body: Buffer.from(JSON.stringify(json)) }) }
  return expectStatus(await connections.send(sent), method === 'POST' ? 201 : 200)
}

/** @throws Error that tells the answer, when its status is another one. */
export function expectStatus(answer: Answer, ...expected: readonly number[]): Answer {
  if (expected.includes(answer.status)) return answer
  throw new Error(`${answer.status} ${answer.body.toString().slice(0, 200)}`)
}

/** @throws Error when the answer does not hold what it must. */
export function expectContent(answer: Answer, holds: boolean): void {
  if (!holds) throw new Error(`wrong content: ${answer.body.toString().slice(0, 200)}`)
}

// biome-ignore lint/suspicious/noExplicitAny: answers of several shapes, whose checks fail on what is missing
export const parse = (answer: Answer): any => JSON.parse(answer.body.toString())

/** The query of a list. */
export const filters = (...texts: readonly string[]): string =>
  texts.map((text) => `filter=${encodeURIComponent(text)}`).join('&')

const BOUNDARY = 'soak-boundary-5c1f'

/** A form with one file. */
export function form(
  fields: Readonly<Record<string, string>>,
  file: { field: string; name: string; content: Buffer },
): { body: Buffer; type: string } {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${file.field}"; filename="${file.name}"\r\nContent-Type: application/octet-stream\r\n\r\n`
  const body = Buffer.concat([Buffer.from(parts.join('') + head), file.content, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)])
  return { body, type: `multipart/form-data; boundary=${BOUNDARY}` }
}
