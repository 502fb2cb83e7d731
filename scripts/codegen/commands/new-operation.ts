import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { bundle } from '../bundle.ts'
import { compile, emitAll } from '../generate.ts'
import { parseSpec, readTexts } from '../load.ts'
import { addAccessLines } from '../new/access-fixture.ts'
import { planOperation, refuseTaken } from '../new/operation-plan.ts'
import { addToSource } from '../new/source-edits.ts'
import { addToSpec } from '../new/spec-edits.ts'
import { writeTogether } from '../new/write-together.ts'
import { foldersOf, ROOT } from '../project.ts'
import { say, UsageError } from '../say.ts'

export const NEW_HELP = `ibutsu-codegen new operation <operationId> --path /run/{id}/notes --method get --tag run
  Adds the operation to the spec, stubs of its handler, its SQL and its test, and a row in the access table; then
  generates. What a person must decide is marked DECIDE, and keeps npm run check red. Writes everything or nothing.`

export async function runNew(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { path: { type: 'string' }, method: { type: 'string' }, tag: { type: 'string' } },
    allowPositionals: true,
  })
  const [what, id, ...more] = positionals
  if (what !== 'operation' || more.length > 0) throw new UsageError('Only "new operation <operationId>" is known.')
  const plan = planOperation({ ...values, id })
  const folders = foldersOf({})
  const texts = readTexts(folders.spec)
  refuseTaken(plan, bundle(parseSpec(texts)).document)

  const specFiles = addToSpec(texts, plan)
  const ir = compile(parseSpec(new Map([...texts, ...specFiles])))
  const generated = await emitAll(ir)
  const inFolder = (folder: string, files: ReadonlyMap<string, string>): [string, string][] =>
    [...files].map(([name, text]) => [join(relative(ROOT, folder), name), text])
  const written = new Map([
    ...inFolder(folders.spec, specFiles),
    ...addToSource(ROOT, plan, ir),
    ...addAccessLines(ROOT, plan, ir),
  ])
  writeTogether(ROOT, new Map([...written, ...inFolder(folders.out, generated)]))
  say(`${plan.id}: ${plan.method.toUpperCase()} /api${plan.path}`)
  for (const path of written.keys()) say(`  ${path}`)
  say('Next: decide what is marked DECIDE in these files; npm run check names what is open.')
  return 0
}
