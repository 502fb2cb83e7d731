import {
  astToString,
  type GlobalContext,
  type OpenAPI3,
  resolveRef,
  scanDiscriminators,
  transformSchema,
} from 'openapi-typescript'
import ts from 'typescript'
import { NAME_MAPS } from './bundle.ts'
import { file, HEADER, lines, quote } from './code.ts'
import { isObject, type JsonObject, objectOf } from './json.ts'
import { type Ir, isFile } from './operations.ts'
import { isNullable, refName, type Schema } from './schema.ts'

/** Types that the house writes by hand, by the mark in a schema that asks for them. */
const HAND_WRITTEN = [
  { mark: 'x-raw-json', type: 'RawJson', from: '../src/json/raw-json.ts' },
  { mark: 'x-uploaded-file', type: 'UploadedFile', from: '../src/multipart/uploaded-file.ts' },
] as const

/** The document as types.ts describes it: the text that the types depend on, and nothing else. */
export function typedDocument(ir: Ir): string {
  return JSON.stringify(markFiles(ir))
}

/**
 * types.ts: openapi-typescript's types of `typedDocument`, raw JSON and file parts typed as handlers see them. Only its
 * transformation runs: the document is bundled and linted already, and doing so again would take most of the time.
 */
export async function emitTypes(text: string): Promise<string> {
  const document = JSON.parse(text) as OpenAPI3
  const used = HAND_WRITTEN.filter(({ mark }) => text.includes(`"${mark}":true`))
  const nodes = transformSchema(document, {
    ...PLAIN,
    discriminators: scanDiscriminators(document, { silent: true }),
    injectFooter: [],
    inject: lines(...used.map(({ type, from }) => `import type { ${type} } from ${quote(from)}`)),
    resolve: ($ref) => resolveRef(document, $ref, { silent: true }),
    transform: typeByHand,
  })
  return file(HEADER, astToString(nodes).trimEnd())
}

function typeByHand(schema: object): ts.TypeNode | undefined {
  const marked = schema as Schema
  const hand = HAND_WRITTEN.find(({ mark }) => marked[mark] === true)
  if (!hand) return undefined
  const reference = ts.factory.createTypeReferenceNode(hand.type)
  const nothing = ts.factory.createLiteralTypeNode(ts.factory.createNull())
  return isNullable(marked) ? ts.factory.createUnionTypeNode([reference, nothing]) : reference
}

/** The settings of openapi-typescript, which are its defaults but for one. */
const PLAIN = {
  additionalProperties: false,
  alphabetize: false,
  arrayLength: false,
  // A default is the server's affair: the types say what a client may leave out.
  defaultNonNullable: false,
  emptyObjectsUnknown: false,
  enum: false,
  enumValues: false,
  conditionalEnums: false,
  dedupeEnums: false,
  excludeDeprecated: false,
  exportType: false,
  generatePathParams: false,
  immutable: false,
  makePathsEnum: false,
  pathParamsAsTypes: false,
  postTransform: undefined,
  propertiesRequiredByDefault: false,
  readWriteMarkers: false,
  redoc: {} as GlobalContext['redoc'],
  rootTypes: false,
  rootTypesKeepCasing: false,
  rootTypesNoSchemaPrefix: false,
  silent: true,
  transformProperty: undefined,
} as const satisfies Partial<GlobalContext>

/** types.ts as a client sees it: raw JSON is an object, a file is a blob, and nothing of the server is imported. */
export function toClientTypes(types: string): string {
  const own: Readonly<Record<string, string>> = { RawJson: 'Record<string, unknown>', UploadedFile: 'Blob' }
  return types.replace(/^import type \{ (\w+) \} from .*$/gm, (_line, name: string) => `type ${name} = ${own[name]}`)
}

/** A copy of the document without examples, whose multipart file properties carry `x-uploaded-file`. */
function markFiles(ir: Ir): JsonObject {
  const document = objectOf(copyWithoutExamples(ir.document, false))
  const components = objectOf(objectOf(document.components).schemas)
  for (const item of Object.values(objectOf(document.paths))) {
    for (const operation of Object.values(objectOf(item))) {
      const content = objectOf(objectOf(objectOf(operation).requestBody).content)
      const schema = objectOf(objectOf(content['multipart/form-data']).schema)
      const body = objectOf(components[refName(schema) ?? ''] ?? schema)
      for (const property of Object.values(objectOf(body.properties))) {
        if (isObject(property) && isFile(property)) property['x-uploaded-file'] = true
      }
    }
  }
  return document
}

/** Examples are data, which Redocly would search for references, and three quarters of the output's size. */
function copyWithoutExamples(value: unknown, names: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => copyWithoutExamples(item, false))
  if (!isObject(value)) return value
  const members = Object.entries(value).filter(([key]) => names || (key !== 'example' && key !== 'examples'))
  return Object.fromEntries(
    members.map(([key, item]) => [key, copyWithoutExamples(item, !names && NAME_MAPS.has(key))]),
  )
}
