import { parseArgs } from 'node:util'
import { bundle } from '../bundle.ts'
import { announcesBreak, type Finding } from '../diff/changes.ts'
import { compareInterfaces } from '../diff/compare-interfaces.ts'
import { defaultRef, NoRef, readRef } from '../diff/read-ref.ts'
import { compile } from '../generate.ts'
import { type JsonObject, objectOf, textOf } from '../json.ts'
import { loadSpec, parseSpec } from '../load.ts'
import { FOLDER_OPTIONS, foldersOf, shown } from '../project.ts'
import { say, UsageError } from '../say.ts'

export const DIFF_HELP = `ibutsu-codegen diff [git-ref] [--json] [--if-possible]
  What of the interface has changed since a ref (origin/main, or HEAD where there is none), in words or as JSON.
  Exit code 1 on a breaking change, unless info.version announces it: a new major version, or a new minor one below 1.0.
  --if-possible: outside a git checkout it says so and ends well.`

export async function runDiff(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: {
      spec: FOLDER_OPTIONS.spec,
      json: { type: 'boolean', default: false },
      'if-possible': { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
  if (positionals.length > 1) throw new UsageError('Name one ref.')
  const { spec } = foldersOf(values)
  const after = compile(loadSpec(spec, shown(spec))).document
  let ref: string
  let before: JsonObject
  try {
    ref = positionals[0] ?? (await defaultRef(spec))
    before = bundle(parseSpec(await readRef(spec, ref), `${ref}:openapi`)).document
  } catch (error) {
    if (!(error instanceof NoRef) || !values['if-possible']) throw error
    say(`the interface was not compared: ${error.message}`)
    return 0
  }
  const findings = compareInterfaces(before, after)
  const [oldVersion, newVersion] = [versionOf(before), versionOf(after)]
  const announced = announcesBreak(oldVersion, newVersion)
  const broken = findings.some(({ breaking }) => breaking)
  if (values.json)
    say(JSON.stringify({ ref, oldVersion, newVersion, breaking: broken, announced, changes: findings }, null, 2))
  else say(printFindings(ref, findings, { oldVersion, newVersion, announced }))
  return broken && !announced ? 1 : 0
}

function versionOf(document: JsonObject): string {
  return textOf(objectOf(document.info).version, '0.0.0')
}

interface Versions {
  readonly oldVersion: string
  readonly newVersion: string
  readonly announced: boolean
}

function printFindings(ref: string, findings: readonly Finding[], versions: Versions): string {
  if (findings.length === 0) return `the interface is that of ${ref}`
  const breaking = findings.filter((finding) => finding.breaking)
  const others = findings.filter((finding) => !finding.breaking)
  return [
    ...printList(`${breaking.length} breaking since ${ref}`, breaking),
    ...printList(`${others.length} other since ${ref}`, others),
    ...(breaking.length > 0 ? [verdict(versions)] : []),
  ].join('\n')
}

function printList(title: string, findings: readonly Finding[]): string[] {
  if (findings.length === 0) return []
  return [title, ...findings.map(printFinding), '']
}

const SHOWN_OPERATIONS = 3

function printFinding({ direction, place, text, operations }: Finding): string {
  const rest = operations.length - SHOWN_OPERATIONS
  const names = operations.slice(0, SHOWN_OPERATIONS).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
  return `  ${direction} ${place}: ${text}\n      ${names}`
}

function verdict({ oldVersion, newVersion, announced }: Versions): string {
  if (announced) return `info.version announces it: ${oldVersion} → ${newVersion}`
  const [major = '0', minor = '0'] = oldVersion.split('.')
  const next = major === '0' ? `0.${Number(minor) + 1}.0` : `${Number(major) + 1}.0.0`
  return `info.version is ${newVersion}: take the break back, or announce it with ${next} in openapi/openapi.yaml`
}
