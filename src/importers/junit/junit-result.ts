import { getMember, type JsonRecord, setMember } from '../../json/json-record.ts'
import { deriveId } from '../derive-id.ts'
import type { JunitResult } from '../imported-rows.ts'
import type { JunitCase, JunitSuite } from './junit-document.ts'
import { readSeconds } from './junit-numbers.ts'

/** What all results of a JUnit import have in common. */
export interface JunitRunFacts {
  readonly runId: string
  readonly startTime: string
  readonly env: string | null
  readonly component: string | null
  /** The form's source. */
  readonly source: string | null
  /** The root's properties with the form's metadata over them. */
  readonly metadata: JsonRecord
}

/** The elements that decide an outcome, the first that is there. */
const OUTCOMES = [
  ['failure', 'failed'],
  ['error', 'error'],
  ['skipped', 'skipped'],
  ['xfailure', 'xfailed'],
  ['xpassed', 'xpassed'],
] as const

/** The row of a test case (imports.md 2.3, D28). `place` makes its id; `projectId` is what its properties name. */
export function toStagedResult(
  testCase: JunitCase,
  facts: JunitRunFacts,
  place: { id: string; projectId: string | null },
): JunitResult {
  const result = outcomeOf(testCase)
  const metadata = metadataOf(testCase, facts)
  if (result === 'skipped' && testCase.skipReason) setMember(metadata, 'skip_reason', testCase.skipReason)
  if (testCase.reruns.length > 0) setMember(metadata, 'reruns', testCase.reruns.length)
  if (testCase.reruns.some(({ flaky }) => flaky)) setMember(metadata, 'flaky', true)
  const source = getMember(metadata, 'source')
  return {
    id: place.id,
    folder: null,
    testId: testIdOf(testCase.attributes),
    result,
    data: JSON.stringify(metadata),
    params: '{}',
    duration: readSeconds(testCase.attributes.time),
    startTime: facts.startTime,
    source: typeof source === 'string' && source !== '' ? source : (facts.source ?? testCase.suite.name),
    env: facts.env,
    component: facts.component,
    projectId: place.projectId,
  }
}

/** The files of a test case (imports.md 2.4), and one for each retry. */
export function filesOf({ outcomes, failures, errors, out, err, reruns }: JunitCase): (readonly [string, string])[] {
  const traceback = (outcomes.has('failure') ? failures : errors).filter((text) => text !== '').join('\n\n')
  return [
    ...(traceback === '' ? [] : ([['traceback.log', traceback]] as const)),
    ...(out === null ? [] : ([['system-out.log', out]] as const)),
    ...(err === null ? [] : ([['system-err.log', err]] as const)),
    ...reruns.map(({ text }, n) => [`rerun-${n + 1}.log`, text] as const),
  ]
}

/** How a test ended: retries do not count, only its final outcome. */
export function outcomeOf({ outcomes }: Pick<JunitCase, 'outcomes'>): string {
  return OUTCOMES.find(([element]) => outcomes.has(element))?.[1] ?? 'passed'
}

/**
 * The last part of a name; with a class name, the last part of that before it. Only dots before the first bracket or blank
 * part a name: `test_x[1.5]` and `adds 1.5 to 2` stay whole.
 */
export function testIdOf({ name, classname }: Readonly<Record<string, string>>): string {
  const test = lastPart(name ?? '')
  return classname ? `${lastPart(classname)}.${test}` : test
}

function lastPart(name: string): string {
  const end = name.search(/[[({\s]/)
  const head = end < 0 ? name : name.slice(0, end)
  return name.slice(head.lastIndexOf('.') + 1)
}

/** Where the test stands: `file` of its suite, else its own, else what its class name says. */
export function fspathOf(attributes: Readonly<Record<string, string>>, suite: JunitSuite): string | null {
  const file = suite.file ?? attributes.file
  if (file !== undefined) return file
  const { classname } = attributes
  if (!classname) return null
  const parts = classname.split('.')
  return parts.slice(0, -1).join('/')
}

function metadataOf({ attributes, suite, inherited, properties }: JunitCase, facts: JunitRunFacts): JsonRecord {
  return {
    run: facts.runId,
    fspath: fspathOf(attributes, suite),
    line: attributes.line ?? null,
    ...facts.metadata,
    ...inherited,
    ...properties,
  }
}

/**
 * The ids of a run's test cases: each follows from the run, the names of its suites, its own names, and how many of the same
 * came before it. So the same file again gives the same ids, and files of several modules may go into one run.
 */
export function createPlaces(runId: string): (testCase: JunitCase) => string {
  const seen = new Map<number, number>()
  return ({ attributes, suite }) => {
    const id = deriveId(runId, [suite.path, attributes.file, attributes.classname, attributes.name].join('\n'))
    // 48 bits name a place well enough to count its repetitions; a million ids as texts would be 100 MB.
    const key = Number.parseInt(id.slice(24), 16)
    const repetition = seen.get(key) ?? 0
    seen.set(key, repetition + 1)
    return repetition === 0 ? id : deriveId(id, String(repetition))
  }
}
