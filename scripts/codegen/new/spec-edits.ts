import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml'
import { objectOf, textOf } from '../json.ts'
import { ROOT_FILE, type SpecTexts } from '../load.ts'
import { Refusal } from '../say.ts'
import { kebab, type OperationPlan } from './operation-plan.ts'

/**
 * The spec's files with the operation in them; only those that change. The YAML parser says where a mapping ends, and the
 * new lines go in there: comments and the way everything else is written stay as they are.
 */
export function addToSpec(texts: SpecTexts, plan: OperationPlan): Map<string, string> {
  const changed = new Map<string, string>()
  const root = texts.get(ROOT_FILE) ?? ''
  const paths = objectOf(parseDocument(root).toJS()).paths
  const ref = textOf(objectOf(objectOf(paths)[plan.path]).$ref)
  const file = ref === '' ? `paths/${plan.tag}.yaml` : (ref.split('#')[0] ?? '')
  const known = ref === '' ? root : undefined
  const shared = objectOf(parseDocument(texts.get('parameters.yaml') ?? '').toJS())
  const isShared = (name: string) => objectOf(shared[name]).in === 'path'
  changed.set(file, addToPathFile(texts.get(file) ?? '', plan, isShared))
  if (known !== undefined) changed.set(ROOT_FILE, addTag(addReference(root, plan), plan))
  else if (addTag(root, plan) !== root) changed.set(ROOT_FILE, addTag(root, plan))
  return changed
}

function addToPathFile(text: string, plan: OperationPlan, isShared: (name: string) => boolean): string {
  const operation = indent(printOperation(plan, isShared), 2)
  const item = pairOf(parseDocument(text).contents, plan.path)?.value
  if (isMap(item)) return insertAfter(text, item, operation)
  const whole = `${plan.path}:\n${operation}`
  return text.trim() === '' ? whole : `${text.trimEnd()}\n${whole}`
}

function addReference(text: string, { path, tag }: OperationPlan): string {
  const pointer = `paths/${tag}.yaml#/${path.replaceAll('~', '~0').replaceAll('/', '~1')}`
  const line = `  ${path}: { $ref: ${pointer.includes('{') ? `'${pointer}'` : pointer} }\n`
  const paths = mapOf(pairOf(parseDocument(text).contents, 'paths')?.value, 'paths')
  const own = paths.items.filter((pair) => JSON.stringify(pair).includes(`paths/${tag}.yaml#`))
  const last = own.at(-1)?.value as Node | undefined
  return insertAfter(text, last ?? paths, line)
}

function addTag(text: string, { tag }: OperationPlan): string {
  const document = parseDocument(text)
  const tags = pairOf(document.contents, 'tags')?.value
  if (!isSeq(tags)) return text
  const names = (document.toJS().tags as { name?: string }[]).map(({ name }) => name)
  if (names.includes(tag)) return text
  return insertAfter(text, tags, `  - name: ${tag}\n    description: 'DECIDE: what these operations are about.'\n`)
}

/** Puts whole lines behind the last line of a node. */
function insertAfter(text: string, node: Node, added: string): string {
  const end = text.slice(0, node.range?.[1] ?? text.length).trimEnd().length
  const newline = text.indexOf('\n', end)
  if (newline < 0) return `${text}\n${added}`
  return text.slice(0, newline + 1) + added + text.slice(newline + 1)
}

function pairOf(node: unknown, key: string): Pair<unknown, unknown> | undefined {
  if (!isMap(node)) return undefined
  return node.items.find((pair) => isScalar(pair.key) && pair.key.value === key)
}

function mapOf(node: unknown, name: string): YAMLMap {
  if (!isMap(node)) throw new Refusal(`openapi.yaml has no ${name}.`)
  return node
}

function printOperation(plan: OperationPlan, isShared: (name: string) => boolean): string {
  const { id, method, tag, parameters, hasBody, status } = plan
  const words = kebab(id).replaceAll('-', ' ')
  const refusals = [
    ['400', 'BadRequest'],
    ['401', 'Unauthorized'],
    ['403', 'Forbidden'],
    ...(parameters.length > 0 ? [['404', 'NotFound']] : []),
    ...(hasBody
      ? [
          ['413', 'PayloadTooLarge'],
          ['415', 'UnsupportedMediaType'],
        ]
      : []),
  ]
  const lines = [
    `${method}:`,
    `  operationId: ${id}`,
    `  summary: ${words.charAt(0).toUpperCase()}${words.slice(1)}`,
    `  description: 'DECIDE: what it does, and for whom.'`,
    `  tags: [ ${tag} ]`,
    ...(parameters.length > 0 ? ['  parameters:', ...parameters.map((name) => printParameter(name, isShared))] : []),
    ...(hasBody ? printBody() : []),
    '  responses:',
    `    '${status}':`,
    `      description: 'DECIDE: what the answer holds.'`,
    '      content:',
    '        application/json:',
    '          schema:',
    '            type: object',
    '            additionalProperties: false',
    '            required: [ decide ]',
    '            properties:',
    '              decide: { type: string }',
    '          example: { decide: what it answers }',
    ...refusals.map(([code, name]) => `    '${code}': { $ref: ../responses.yaml#/${name} }`),
  ]
  return `${lines.join('\n')}\n`
}

function printParameter(name: string, isShared: (name: string) => boolean): string {
  if (isShared(name)) return `    - { $ref: ../parameters.yaml#/${name} }`
  return `    - { name: ${name}, in: path, required: true, description: 'DECIDE: what it names.', schema: { type: string } }`
}

function printBody(): string[] {
  return [
    '  requestBody:',
    `    description: 'DECIDE: what is sent.'`,
    '    required: true',
    '    content:',
    '      application/json:',
    '        schema:',
    '          type: object',
    '          required: [ decide ]',
    '          properties:',
    '            decide: { type: string }',
    '        example: { decide: what is sent }',
  ]
}

function indent(text: string, blanks: number): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(blanks))
}
