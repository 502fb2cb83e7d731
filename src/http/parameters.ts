import type { OperationSpec, ParameterSpec } from '../../generated/operations.ts'
import { fail } from '../errors.ts'
import { parseUuid } from '../ids/uuid.ts'

export interface Parameters {
  readonly path: Record<string, string>
  readonly query: Record<string, unknown>
}

/**
 * The parameters of a request, turned into the types that the spec names (filters.md 7): whole numbers may have signs,
 * zeros in front and blanks around, booleans any case; of a scalar sent twice the last counts. What doesn't read as its
 * type stays text, for the validator to refuse. A NUL can't be stored anywhere, so it reads as U+FFFD.
 */
export function readParameters(
  spec: OperationSpec,
  path: Readonly<Record<string, string>>,
  search: string,
): Parameters {
  const sent = search === '' ? null : new URLSearchParams(search)
  const query: Record<string, unknown> = {}
  const fromPath: Record<string, string> = {}
  for (const parameter of spec.parameters) {
    if (parameter.in === 'path') fromPath[parameter.name] = clean(path[parameter.name] ?? '')
    else if (sent?.has(parameter.name)) query[parameter.name] = readQuery(parameter, sent)
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
  if (parameter.type === 'array') return values.map(clean)
  const last = values.at(-1) ?? ''
  switch (parameter.type) {
    case 'integer':
      return /^\s*[+-]?\d+\s*$/.test(last) && Number.isFinite(Number(last)) ? Number(last) : last
    case 'number':
      return last.trim() !== '' && Number.isFinite(Number(last)) ? Number(last) : last
    case 'boolean':
      return /^true$/i.test(last) ? true : /^false$/i.test(last) ? false : last
    default:
      return clean(last)
  }
}

function clean(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text
}
