import type { OperationSpec, ParameterSpec } from '../../generated/operations.ts'
import { fail } from '../errors.ts'
import { parseUuid } from '../ids/uuid.ts'

export interface Parameters {
  readonly path: Record<string, string>
  readonly query: Record<string, unknown>
}

/**
 * The parameters of a request in the styles and types that the spec names (filters.md 7): whole numbers may have signs,
 * zeros in front and blanks around, booleans any case; of a scalar sent twice the last counts. What doesn't read as its
 * type stays text, for the validator to refuse. A NUL can't be stored anywhere, so it reads as U+FFFD.
 */
export function readParameters(
  spec: Pick<OperationSpec, 'parameters'>,
  path: Readonly<Record<string, string>>,
  search: string,
): Parameters {
  const sent = search === '' ? null : new URLSearchParams(search)
  const query: Record<string, unknown> = {}
  const fromPath: Record<string, string> = {}
  for (const parameter of spec.parameters) {
    if (parameter.in === 'path') fromPath[parameter.name] = clean(path[parameter.name] ?? '')
    else if (sent && parameter.style === 'deepObject') {
      const members = readDeepObject(parameter.name, sent)
      if (members) query[parameter.name] = members
    } else if (sent?.has(parameter.name)) query[parameter.name] = readQuery(parameter, sent)
  }
  return { path: fromPath, query }
}

/**
 * Path ids in their canonical form.
 *
 * @throws ApiError `invalid_id` for one that is no UUID.
 */
export function canonicalIds(spec: OperationSpec, path: Record<string, string>): Record<string, string> {
  for (const { in: place, name, format } of spec.parameters) {
    if (place !== 'path' || format !== 'uuid') continue
    const id = parseUuid(path[name])
    if (!id) throw fail('invalid_id', { id: path[name] ?? '' })
    path[name] = id
  }
  return path
}

function readQuery(parameter: ParameterSpec, sent: URLSearchParams): unknown {
  const values = sent.getAll(parameter.name)
  if (parameter.type !== 'array') return readText(parameter.type, values.at(-1) ?? '')
  const items =
    parameter.explode === false ? (values.at(-1) ?? '').split(delimiters[parameter.style ?? ''] ?? ',') : values
  return items.map((text) => readText(parameter.items ?? 'string', text))
}

/** Between the items of a list in one text, by its style. */
const delimiters: Readonly<Record<string, string>> = { spaceDelimited: ' ', pipeDelimited: '|' }

/** The members `name[key]` of an object in style deepObject, as text; undefined without any. */
function readDeepObject(name: string, sent: URLSearchParams): Record<string, string> | undefined {
  const members = [...sent]
    .filter(([sentName]) => sentName.startsWith(`${name}[`) && sentName.endsWith(']'))
    .map(([sentName, text]) => [sentName.slice(name.length + 1, -1), clean(text)])
  return members.length > 0 ? Object.fromEntries(members) : undefined
}

function readText(type: ParameterSpec['type'], text: string): unknown {
  switch (type) {
    case 'integer':
      return /^\s*[+-]?\d+\s*$/.test(text) && Number.isFinite(Number(text)) ? Number(text) : text
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
    case 'boolean':
      return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : text
    default:
      return clean(text)
  }
}

function clean(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text
}
