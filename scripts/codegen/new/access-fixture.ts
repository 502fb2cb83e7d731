import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ir } from '../operations.ts'
import type { OperationPlan } from './operation-plan.ts'

const FIXTURE = 'test/fixtures/access.csv'

/**
 * The authorisation matrix with lines for the operation, behind those of its tag. Nobody without a valid token may do
 * anything (the stub is secured); the other cells are for a person. Nothing where there is no matrix.
 */
export function addAccessLines(root: string, plan: OperationPlan, ir: Ir): Map<string, string> {
  const path = join(root, FIXTURE)
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (text === '' || text.includes(`\n${plan.id},`)) return new Map()
  const operation = ir.operations.find(({ id }) => id === plan.id)
  const hasId = operation?.parameters.some(({ format, in: place }) => place === 'path' && format) ?? false
  const kinds = hasId ? ['own', 'foreign', 'unknown', 'malformed'] : ['-']
  const added = kinds.map((kind) => `${plan.id},${kind},401,401,401,401,DECIDE,DECIDE,DECIDE,DECIDE,DECIDE`)
  const tagged = ir.operations.filter(({ tag }) => tag === plan.tag).map(({ id }) => `${id},`)
  const lines = text.trimEnd().split('\n')
  const last = lines.findLastIndex((line) => tagged.some((start) => line.startsWith(start)))
  lines.splice(last < 0 ? lines.length : last + 1, 0, ...(last < 0 ? [''] : []), ...added)
  return new Map([[FIXTURE, `${lines.join('\n')}\n`]])
}
