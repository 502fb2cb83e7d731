import openapiTS, { astToString, type OpenAPI3, type OpenAPITSOptions } from 'openapi-typescript'
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

/** types.ts: openapi-typescript's types of the bundled document, raw JSON and file parts typed as handlers see them. */
export async function emitTypes(ir: Ir): Promise<string> {
  const document = markFiles(ir)
  const text = JSON.stringify(document)
  const used = HAND_WRITTEN.filter(({ mark }) => text.includes(`"${mark}":true`))
  const options: OpenAPITSOptions = {
    silent: true,
    // A default is the server's affair: the types say what a client may leave out.
    defaultNonNullable: false,
    inject: lines(...used.map(({ type, from }) => `import type { ${type} } from ${quote(from)}`)),
    transform: (schema) => {
      const marked = schema as unknown as Schema
      const hand = HAND_WRITTEN.find(({ mark }) => marked[mark] === true)
      if (!hand) return undefined
      const reference = ts.factory.createTypeReferenceNode(hand.type)
      const nothing = ts.factory.createLiteralTypeNode(ts.factory.createNull())
      return isNullable(marked) ? ts.factory.createUnionTypeNode([reference, nothing]) : reference
    },
  }
  const nodes = await openapiTS(document as unknown as OpenAPI3, options)
  return file(HEADER, astToString(nodes).trimEnd())
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
