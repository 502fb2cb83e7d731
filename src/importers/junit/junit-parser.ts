import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { type JsonRecord, setMember } from '../../json/json-record.ts'
import { ImportRefused } from '../import-refused.ts'
import { emptySums, type JunitCase, type JunitRerun, type JunitSuite, type JunitSums } from './junit-document.ts'
import { readCount, readSeconds } from './junit-numbers.ts'

export interface JunitLimits {
  readonly depth: number
  /** Characters of one text, attribute, comment or tag. */
  readonly textLength: number
}

const OUTCOMES = new Set(['failure', 'error', 'skipped', 'xfailure', 'xpassed'])
const RERUNS = new Set(['rerunFailure', 'rerunError', 'flakyFailure', 'flakyError'])
/** The most of a test case, in texts of the longest kind. */
const TEXTS_PER_CASE = 4
const COUNTS = ['errors', 'failures', 'skipped', 'xfailures', 'xpasses', 'tests'] as const

interface OpenCase {
  readonly attributes: Readonly<Record<string, string>>
  readonly suite: JunitSuite
  readonly inherited: JsonRecord
  readonly rootProperties: JsonRecord
  properties: JsonRecord | null
  readonly outcomes: Set<string>
  readonly failures: string[]
  readonly errors: string[]
  readonly reruns: JunitRerun[]
  skipReason: string | null
  out: string | null
  err: string | null
}

interface OpenRerun {
  stack: string | null
  readonly extra: string[]
}

/** An element that is open: what it is, and what its end does. */
interface Frame {
  readonly kind: 'root' | 'suite' | 'case' | 'properties' | 'property' | 'text' | 'rerun' | 'ignored'
  readonly suite: JunitSuite
  readonly testCase?: OpenCase
  readonly rerun?: OpenRerun
  /** Where properties go. */
  readonly target?: JsonRecord
  /** Collects the element's own text. */
  text?: string[]
  length?: number
  end?: (text: string) => void
}

/**
 * Reads a JUnit document as it comes: feed `write`, take finished cases from `cases`. The root may have any name; a root
 * `testsuite` is a suite itself. Suites may nest and hand their properties and file down. Namespaces are not looked at.
 * Properties count for what stands behind them.
 *
 * Strict XML without entities of its own: a document that declares some is refused. Nothing grows with the document but
 * what the limits bound: depth, and whatever lies between two marks of the syntax.
 *
 * @throws ImportRefused from `write` and `close`.
 */
export class JunitParser {
  /** Cases read since the caller last emptied it. */
  cases: JunitCase[] = []
  root: JunitSuite | null = null
  rootName = ''
  suites = 0
  caseCount = 0
  caseSeconds = 0
  readonly #limits: JunitLimits
  readonly #parser = new SaxesParser()
  readonly #stack: Frame[] = []
  /** Characters since something was recognised: what the parser holds on to. */
  #pending = 0
  /** Characters since a suite or test case began or ended: what we hold on to. */
  #held = 0

  constructor(limits: JunitLimits) {
    this.#limits = limits
    const parser = this.#parser
    parser.on('opentag', (tag) => this.#open(tag))
    parser.on('closetag', () => this.#close())
    parser.on('text', (text) => this.#text(text))
    parser.on('cdata', (text) => this.#text(text))
    const progress = () => {
      this.#pending = 0
    }
    parser.on('comment', progress)
    parser.on('processinginstruction', progress)
    parser.on('doctype', (doctype) => {
      progress()
      if (/<!ENTITY/i.test(doctype)) throw new ImportRefused('The document declares entities, which is not allowed.')
    })
  }

  write(slice: string): void {
    this.#pending += slice.length
    this.#held += slice.length
    this.#run(() => this.#parser.write(slice))
    if (this.#pending > this.#limits.textLength) throw this.#tooLong()
    const most = this.#limits.textLength * TEXTS_PER_CASE
    if (this.#held > most) throw new ImportRefused(`One test case is longer than the limit of ${most} characters.`)
  }

  close(): void {
    this.#run(() => this.#parser.close())
    if (!this.root) throw new ImportRefused('The document has no element.')
    const isJunit = this.rootName === 'testsuites' || this.suites > 0 || this.caseCount > 0
    if (!isJunit)
      throw new ImportRefused(`This is no JUnit file: there is no testsuite in its ${this.rootName} element.`)
  }

  #run(step: () => unknown): void {
    try {
      step()
    } catch (error) {
      if (error instanceof ImportRefused) throw error
      throw new ImportRefused(`The XML cannot be read, at line and column ${(error as Error).message.slice(0, 300)}`)
    }
  }

  #open(tag: SaxesTagPlain): void {
    this.#pending = 0
    if (this.#stack.length >= this.#limits.depth) {
      throw new ImportRefused(`The document is nested deeper than the limit of ${this.#limits.depth} levels.`)
    }
    const name = tag.name.slice(tag.name.indexOf(':') + 1)
    const parent = this.#stack.at(-1)
    if (name === 'testcase' || name === 'testsuite') this.#held = 0
    this.#stack.push(parent ? this.#child(parent, name, tag.attributes) : this.#openRoot(name, tag.attributes))
  }

  #openRoot(name: string, attributes: Record<string, string>): Frame {
    const suite = createSuite(null, attributes, name === 'testsuite')
    this.root = suite
    this.rootName = name
    if (name === 'testsuite') this.suites++
    return { kind: 'root', suite }
  }

  #child(parent: Frame, name: string, attributes: Record<string, string>): Frame {
    const { kind, suite, testCase, rerun } = parent
    if (kind === 'root' || kind === 'suite') {
      if (name === 'testsuite') return this.#openSuite(suite, attributes)
      if (name === 'testcase') return { kind: 'case', suite, testCase: openCase(this.root ?? suite, suite, attributes) }
      if (name === 'properties') {
        suite.properties = { ...suite.properties }
        return { kind: 'properties', suite, target: suite.properties }
      }
    }
    if (kind === 'properties' && name === 'property' && parent.target)
      return openProperty(suite, parent.target, attributes)
    if (kind === 'case' && testCase) return openInCase(suite, testCase, name, attributes)
    if (kind === 'rerun' && rerun) {
      if (name === 'stackTrace') return collect(suite, (text) => (rerun.stack = text))
      if (name === 'system-out' || name === 'system-err') return collect(suite, (text) => rerun.extra.push(text))
    }
    return { kind: 'ignored', suite }
  }

  #openSuite(parent: JunitSuite, attributes: Record<string, string>): Frame {
    this.suites++
    return { kind: 'suite', suite: createSuite(parent, attributes, true) }
  }

  #close(): void {
    this.#pending = 0
    const frame = this.#stack.pop()
    if (!frame) return
    frame.end?.(frame.text?.join('') ?? '')
    if (frame.kind === 'case' && frame.testCase) {
      this.#held = 0
      this.cases.push(frame.testCase)
      this.caseCount++
      this.caseSeconds += readSeconds(frame.testCase.attributes.time)
    }
    if (frame.kind === 'suite' && frame.suite.parent) addUp(frame.suite.parent.inner, frame.suite)
  }

  #text(text: string): void {
    this.#pending = 0
    const frame = this.#stack.at(-1)
    if (!frame?.text) return
    frame.length = (frame.length ?? 0) + text.length
    if (frame.length > this.#limits.textLength) throw this.#tooLong()
    frame.text.push(text)
  }

  #tooLong(): ImportRefused {
    return new ImportRefused(`A text or tag is longer than the limit of ${this.#limits.textLength} characters.`)
  }
}

function createSuite(parent: JunitSuite | null, attributes: Record<string, string>, isSuite: boolean): JunitSuite {
  const name = isSuite ? (attributes.name ?? null) : null
  return {
    parent,
    name: name ?? parent?.name ?? null,
    file: (isSuite ? attributes.file : null) ?? parent?.file ?? null,
    path: parent?.path ? `${parent.path}\n${name ?? ''}` : (name ?? ''),
    handsDown: isSuite,
    properties: parent?.handsDown ? parent.properties : {},
    attributes,
    inner: emptySums(),
  }
}

/** What an element says itself counts, else the sum of what is within. */
function addUp(sums: JunitSums, { attributes, inner }: JunitSuite): void {
  sums.time += readSeconds(attributes.time) || inner.time
  for (const key of COUNTS) sums[key] += readCount(attributes[key]) || inner[key]
}

function openCase(root: JunitSuite, suite: JunitSuite, attributes: Record<string, string>): OpenCase {
  return {
    attributes,
    suite,
    inherited: suite.handsDown ? suite.properties : {},
    rootProperties: root.properties,
    properties: null,
    outcomes: new Set(),
    failures: [],
    errors: [],
    reruns: [],
    skipReason: null,
    out: null,
    err: null,
  }
}

function openProperty(suite: JunitSuite, target: JsonRecord, attributes: Record<string, string>): Frame {
  const key = attributes.key || attributes.name
  const frame = collect(suite, (text) => {
    if (key) setMember(target, key, attributes.value ?? (text === '' ? null : text))
  })
  return { ...frame, kind: 'property' }
}

function openInCase(suite: JunitSuite, testCase: OpenCase, name: string, attributes: Record<string, string>): Frame {
  if (name === 'properties') {
    testCase.properties ??= {}
    return { kind: 'properties', suite, target: testCase.properties }
  }
  if (name === 'system-out') return collect(suite, (text) => (testCase.out = join(testCase.out, text)))
  if (name === 'system-err') return collect(suite, (text) => (testCase.err = join(testCase.err, text)))
  if (RERUNS.has(name)) return openRerun(suite, testCase, name, attributes)
  if (!OUTCOMES.has(name)) return { kind: 'ignored', suite }
  testCase.outcomes.add(name)
  return collect(suite, (own) => {
    const text = own.trim() === '' ? (attributes.message ?? '') : own
    if (name === 'failure') testCase.failures.push(text)
    if (name === 'error') testCase.errors.push(text)
    if (name === 'skipped') testCase.skipReason ??= text
  })
}

function openRerun(suite: JunitSuite, testCase: OpenCase, name: string, attributes: Record<string, string>): Frame {
  const rerun: OpenRerun = { stack: null, extra: [] }
  const end = (own: string) => {
    const text = rerun.stack ?? (own.trim() === '' ? (attributes.message ?? '') : own)
    testCase.reruns.push({ flaky: name.startsWith('flaky'), text: [text, ...rerun.extra].join('\n\n') })
  }
  return { kind: 'rerun', suite, rerun, text: [], end }
}

function collect(suite: JunitSuite, end: (text: string) => void): Frame {
  return { kind: 'text', suite, text: [], end }
}

function join(before: string | null, text: string): string {
  return before === null ? text : `${before}\n${text}`
}
