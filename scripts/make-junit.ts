/**
 * Writes a large JUnit file for measurements: `node scripts/make-junit.ts <file> [cases]` (500,000 cases are 100 MB).
 * One case in twenty fails with a traceback, one in forty is skipped, one in ten has output.
 */
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

const [, , file = 'junit.xml', count = '500000'] = process.argv
const total = Number(count)
const perSuite = 1000

function* document(): Generator<string> {
  yield `<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="made" tests="${total}" timestamp="2024-05-06T07:08:09">\n`
  for (let first = 0; first < total; first += perSuite) yield suite(first / perSuite, Math.min(perSuite, total - first))
  yield '</testsuites>\n'
}

function suite(number: number, size: number): string {
  const cases = Array.from({ length: size }, (_, n) => testCase(number, n))
  return `<testsuite name="suite-${number}" tests="${size}">\n${cases.join('')}</testsuite>\n`
}

function testCase(suiteNumber: number, n: number): string {
  const head = `<testcase classname="shop.module_${suiteNumber}.TestCart" name="test_number_${n}_of_the_suite[param-${n % 7}.5]" file="shop/module_${suiteNumber}.py" line="${n * 3 + 1}" time="${(n % 90) / 100}"`
  if (n % 20 === 3)
    return `${head}><failure message="assert ${n} == 0">${'  File "shop.py", line 7, in total\n'.repeat(8)}</failure></testcase>\n`
  if (n % 40 === 5) return `${head}><skipped message="not today">needs a card reader</skipped></testcase>\n`
  if (n % 10 === 7) return `${head}><system-out>${'a line of output\n'.repeat(8)}</system-out></testcase>\n`
  return `${head}/>\n`
}

await pipeline(Readable.from(document()), createWriteStream(file))
