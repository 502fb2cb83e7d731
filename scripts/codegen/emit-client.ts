import { block, file, HEADER, key, lines, quote } from './code.ts'
import type { Ir } from './operations.ts'

const HEAD = `export type IbutsuClient = Client<Paths>

/** What the openapi-fetch client takes besides its address: headers, a fetch of one's own. */
export type IbutsuClientOptions = Omit<ClientOptions, 'baseUrl' | 'bodySerializer'> & {
  /** A token of a login or an API token. */
  readonly token?: string
}`

const CREATE = `/**
 * A typed client: \`await client.GET('/api/run/{id}', { params: { path: { id } } })\` gives \`data\` or \`error\`, each typed by
 * its status. \`url\` is the server's address without a path. A body with a Blob in it is sent as a form.
 */
export function createIbutsuClient(url: string, options: IbutsuClientOptions = {}): IbutsuClient {
  const { token, headers, ...others } = options
  return createClient<Paths>({
    ...others,
    baseUrl: url,
    headers: token === undefined ? headers : { ...(headers as object), authorization: \`Bearer \${token}\` },
    bodySerializer: writeBody,
  })
}

function writeBody(body: unknown): string | FormData {
  if (typeof body !== 'object' || body === null || !Object.values(body).some((part) => part instanceof Blob)) {
    return JSON.stringify(body)
  }
  const form = new FormData()
  for (const [name, part] of Object.entries(body)) {
    if (part === undefined || part === null) continue
    if (part instanceof Blob) form.set(name, part, part instanceof File ? part.name : name)
    else form.set(name, typeof part === 'string' ? part : JSON.stringify(part))
  }
  return form
}`

/** client.ts: a client of the whole interface on top of openapi-fetch; types.ts beside it is its only import of ours. */
export function emitClient(ir: Ir): string {
  const paths = new Map(ir.operations.map(({ path, written }) => [path, `${key(path)}: paths[${quote(written)}]`]))
  return file(
    HEADER,
    lines(
      "import createClient, { type Client, type ClientOptions } from 'openapi-fetch'",
      "import type { paths } from './types.js'",
    ),
    HEAD,
    lines('/** Every path with the prefix of its server. */', block('export interface Paths {', [...paths.values()])),
    CREATE,
  )
}
