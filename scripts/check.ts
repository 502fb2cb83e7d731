/**
 * `npm run check`: what must hold before a change lands, in the order of what fails fastest. It changes nothing.
 * 1. generated/ is what openapi/ gives, 2. the interface breaks nobody unannounced, 3. lint and format without warnings,
 * 4. types, 5. tests.
 */
import { spawnSync } from 'node:child_process'

const steps: readonly (readonly [name: string, command: string, args: readonly string[]])[] = [
  ['generated code is up to date', 'npm', ['run', '--silent', 'codegen', 'check']],
  ['the interface breaks nobody unannounced', 'npm', ['run', '--silent', 'codegen', '--', 'diff', '--if-possible']],
  ['lint and format', 'npm', ['run', '--silent', 'lint']],
  ['types', 'npm', ['run', '--silent', 'typecheck']],
  ['tests', 'npm', ['test']],
]

for (const [name, command, args] of steps) {
  process.stdout.write(`\n— ${name}\n`)
  const began = performance.now()
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  if (status !== 0) {
    process.stderr.write(`\nnpm run check: "${name}" failed\n`)
    process.exit(1)
  }
  process.stdout.write(`  ${((performance.now() - began) / 1000).toFixed(1)} s\n`)
}
process.stdout.write('\nnpm run check: all good\n')
