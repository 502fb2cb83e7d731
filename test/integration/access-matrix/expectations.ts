import { readFile } from 'node:fs/promises'
import { type Caller, callers } from './world.ts'

/** A line of test/fixtures/access.csv: what an operation answers, to whom, and where that is written. */
export interface Expectation {
  readonly operation: string
  /** What the request names: a key of the requests of the operation. */
  readonly id: string
  /** `403`, or a status and what it must show: `200 ours+none`, `401 text`. */
  readonly answers: Readonly<Record<Caller, string>>
  /** access.md 5 unless another section or file, a deviation (D3) or a rule (R2) is named. */
  readonly source: string
}

const header = ['operation', 'id', ...callers, 'source']

/**
 * The expectations, in the order of the file. Lines that begin with # are for readers.
 *
 * @throws Error for a line that has not exactly the columns of the header, an answer in no known form, a missing source, or
 *   a second line of the same operation and id.
 */
export async function readExpectations(): Promise<Expectation[]> {
  const text = await readFile(new URL('../../fixtures/access.csv', import.meta.url), 'utf8')
  const [first, ...lines] = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  if (first !== header.join()) throw new Error(`the columns are not ${header.join()}`)
  const seen = new Set<string>()
  return lines.map((line) => {
    const expectation = readLine(line)
    const key = `${expectation.operation} ${expectation.id}`
    if (seen.has(key)) throw new Error(`two lines for ${key}`)
    seen.add(key)
    return expectation
  })
}

function readLine(line: string): Expectation {
  const cells = line.split(',').map((cell) => cell.trim())
  if (cells.length !== header.length || cells.includes('')) throw new Error(`not ${header.length} cells: ${line}`)
  const [operation = '', id = ''] = cells
  const answers = cells.slice(2, -1)
  const odd = answers.find((answer) => !/^[2-4]\d\d( [\w+ ]+)?$/.test(answer))
  if (odd !== undefined) throw new Error(`${odd} is no answer: ${line}`)
  return {
    operation,
    id,
    answers: Object.fromEntries(callers.map((caller, n) => [caller, answers[n]])) as Record<Caller, string>,
    source: cells.at(-1) ?? '',
  }
}
