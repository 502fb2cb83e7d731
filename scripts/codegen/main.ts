import { relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { compile, emit } from './generate.ts'
import { loadSpec } from './load.ts'
import { printProblem, SpecError } from './problem.ts'
import { compareGenerated, writeGenerated } from './write.ts'

const USAGE = `node scripts/codegen/main.ts [--check | --lint] [--spec openapi] [--out generated]
  Makes generated/ from openapi/. --check writes nothing and fails when the files differ; --lint only reads the spec.
`

/** Runs the generator: 0 done, 1 refused or out of date, 2 wrong arguments. */
async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      check: { type: 'boolean', default: false },
      lint: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      spec: { type: 'string', default: resolve(import.meta.dirname, '../../openapi') },
      out: { type: 'string', default: resolve(import.meta.dirname, '../../generated') },
    },
  })
  if (values.help) return say(USAGE, 0)
  const started = performance.now()
  const prefix = relative(process.cwd(), values.spec)
  const ir = compile(loadSpec(values.spec, prefix))
  if (values.lint) return say(`${ir.operations.length} operations, nothing to refuse\n`, 0)
  const files = await emit(ir)
  const seconds = ((performance.now() - started) / 1000).toFixed(2)
  const out = relative(process.cwd(), values.out)
  if (values.check) {
    const changed = compareGenerated(values.out, files)
    if (changed.length === 0) return say(`${out} is up to date\n`, 0)
    return complain(
      `${changed.map((name) => `${out}/${name}: not what ${prefix} makes now`).join('\n')}\nrun npm run generate\n`,
    )
  }
  const changed = writeGenerated(values.out, files)
  return say(`${ir.operations.length} operations, ${changed.length} of ${files.size} files changed, ${seconds} s\n`, 0)
}

function say(text: string, code: number): number {
  process.stdout.write(text)
  return code
}

function complain(text: string): number {
  process.stderr.write(text)
  return 1
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (error instanceof SpecError) process.exitCode = complain(`${error.problems.map(printProblem).join('\n')}\n`)
  else process.exitCode = complain(`${error instanceof Error ? error.message : String(error)}\n`)
}
