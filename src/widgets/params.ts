import { type ApiError, fail } from '../errors.ts'
import { toStoredText } from '../filters/grammar.ts'
import { readDouble } from '../filters/values.ts'
import type { WidgetType } from './widget-types.ts'

/**
 * The parameters of one request for a widget, read as their declared types. What was not sent is null, false for a flag, an
 * empty list for a list.
 */
export interface WidgetParams {
  has(name: string): boolean
  text(name: string): string | null
  integer(name: string): number | null
  number(name: string): number | null
  flag(name: string): boolean
  list(name: string): readonly string[]
  /** The 400 that says what is wrong with the parameters. */
  refuse(detail: string): ApiError
}

type Value = string | number | boolean | readonly string[]

/** Older names in queries, by type; each replaces what was sent under the new name (widgets.md 3, step 3). */
const renamed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'jenkins-job-view': { filter: 'additional_filters' },
  'jenkins-heatmap': { jenkins_job_name: 'job_name' },
  'compare-runs-view': { filters: 'additional_filters' },
}

/** What `filter` is called in the refusal of types that don't know it. */
const UNKNOWN_FILTER = 'filter_'

/**
 * Reads the query of `GET /widget/{id}` (widgets.md 3): names, then types. Of a parameter that is no list the first value
 * counts.
 * @throws ApiError widget_parameter, unknown_widget_parameters
 */
export function readParams(type: WidgetType, query: URLSearchParams): WidgetParams {
  const refuse = (detail: string) => fail('widget_parameter', { widget: type.id, detail })
  const sent = collect(type.id, query)
  const values = new Map<string, Value>()
  for (const declared of type.params) {
    const texts = sent.get(declared.name)
    if (!texts) continue
    const value = readValue(declared.type, texts)
    if (value === null) throw refuse(`${declared.name} must be ${wanted[declared.type] ?? declared.type}: ${texts[0]}`)
    values.set(declared.name, value)
    sent.delete(declared.name)
  }
  if (sent.size > 0) {
    throw fail('unknown_widget_parameters', { widget: type.id, names: [...sent.keys()].join(', ') })
  }
  return createParams(values, refuse)
}

function createParams(values: ReadonlyMap<string, Value>, refuse: WidgetParams['refuse']): WidgetParams {
  const pick = <T extends Value>(name: string, fits: (value: Value) => value is T): T | null => {
    const value = values.get(name)
    if (value === undefined) return null
    if (!fits(value)) throw new Error(`the parameter ${name} is declared as another type`)
    return value
  }
  return {
    has: (name) => values.has(name),
    text: (name) => pick(name, (value) => typeof value === 'string'),
    integer: (name) => pick(name, (value) => typeof value === 'number'),
    number: (name) => pick(name, (value) => typeof value === 'number'),
    flag: (name) => pick(name, (value) => typeof value === 'boolean') ?? false,
    list: (name) => pick(name, (value) => Array.isArray(value)) ?? [],
    refuse,
  }
}

function collect(widget: string, query: URLSearchParams): Map<string, string[]> {
  const sent = new Map<string, string[]>()
  for (const name of new Set(query.keys())) sent.set(name, query.getAll(name).map(toStoredText))
  const names = { filter: UNKNOWN_FILTER, ...renamed[widget] }
  for (const [old, name] of Object.entries(names)) {
    const values = sent.get(old)
    if (!values) continue
    sent.delete(old)
    sent.set(name, values)
  }
  return sent
}

const wanted: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  float: 'a number',
  boolean: 'true or false',
}

/** The value of a declared type; null when the text is none. */
function readValue(type: string, texts: readonly string[]): Value | null {
  const [first = ''] = texts
  switch (type) {
    case 'list':
      return texts
    case 'integer':
      return readInteger(first)
    case 'float':
      return readDouble(first)
    case 'boolean':
      return first === '' ? null : /^[yt1]/i.test(first)
    default:
      return first
  }
}

/** Digits with a sign, blanks around them and single underscores between; larger ones than JavaScript counts fit nothing. */
function readInteger(text: string): number | null {
  if (!/^\s*[+-]?\d+(?:_\d+)*\s*$/.test(text)) return null
  const number = Number(text.replaceAll('_', ''))
  return Number.isSafeInteger(number) ? number : null
}

/**
 * A mandatory text.
 * @throws ApiError widget_parameter when it was not sent
 */
export function needText(params: WidgetParams, name: string): string {
  const value = params.text(name)
  if (value === null) throw params.refuse(`${name} is missing`)
  return value
}

/**
 * A mandatory whole number of at least `least`.
 * @throws ApiError widget_parameter
 */
export function needInteger(params: WidgetParams, name: string, least = Number.MIN_SAFE_INTEGER): number {
  const value = integerOr(params, name, null, least)
  if (value === null) throw params.refuse(`${name} is missing`)
  return value
}

/**
 * A whole number of at least `least`, or what stands for one that was not sent.
 * @throws ApiError widget_parameter
 */
export function integerOr<T>(params: WidgetParams, name: string, otherwise: T, least: number): number | T {
  const value = params.integer(name)
  if (value === null) return otherwise
  if (value < least) throw params.refuse(`${name} must be at least ${least}`)
  return value
}
