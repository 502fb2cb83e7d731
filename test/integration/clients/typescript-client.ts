/*
 * What ibutsu-client-ts and its user playwright-ibutsu put on the wire (contract/clients.md): both live on GitHub only, so
 * their requests are made here in the same way: `fetch` with the headers Content-Type and Authorization and nothing else,
 * JSON without the members that are undefined, and `FormData` with texts, blobs and JSON blobs in the same order.
 */

export interface ClientAnswer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any
}

export interface TypescriptClient {
  get(path: string): Promise<ClientAnswer>
  send(method: 'POST' | 'PUT', path: string, body: object): Promise<ClientAnswer>
  sendForm(path: string, form: FormData): Promise<ClientAnswer>
  /** What `downloadArtifact` gives. */
  download(id: string): Promise<Buffer>
  /** The requests so far, like `POST /run`. */
  readonly log: string[]
}

/** A client with `basePath` = the server's address and `/api`, and `accessToken`. */
export function createTypescriptClient(basePath: string, token: string): TypescriptClient {
  const log: string[] = []
  const headers = { Authorization: `Bearer ${token}` }
  const request = async (method: string, path: string, init: RequestInit): Promise<Response> => {
    log.push(`${method} ${path}`)
    return fetch(basePath + path, { method, ...init })
  }
  const read = async (response: Response): Promise<ClientAnswer> => {
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
  }
  return {
    log,
    get: async (path) => read(await request('GET', path, { headers })),
    async send(method, path, body) {
      const json = { 'Content-Type': 'application/json', ...headers }
      return read(await request(method, path, { headers: json, body: JSON.stringify(body) }))
    },
    sendForm: async (path, form) => read(await request('POST', path, { headers, body: form })),
    async download(id) {
      const response = await request('GET', `/artifact/${id}/download`, { headers })
      return Buffer.from(await response.arrayBuffer())
    },
  }
}

/** The parts of a form as the client appends them; objects become JSON blobs, what is undefined is left out. */
export function formOf(parts: readonly (readonly [string, string | Blob | object | undefined])[]): FormData {
  const form = new FormData()
  for (const [name, value] of parts) {
    if (value === undefined) continue
    if (typeof value === 'string' || value instanceof Blob) form.append(name, value)
    else form.append(name, new Blob([JSON.stringify(value)], { type: 'application/json' }))
  }
  return form
}

/** The form of `uploadArtifact`. */
export function artifactForm(artifact: {
  readonly resultId?: string
  readonly runId?: string
  readonly filename: string
  readonly content: string | Buffer
  readonly additionalMetadata?: object
}): FormData {
  return formOf([
    ['resultId', artifact.resultId],
    ['runId', artifact.runId],
    ['filename', artifact.filename],
    ['file', new Blob([Buffer.from(artifact.content as string)])],
    ['additionalMetadata', artifact.additionalMetadata],
  ])
}

export interface PlaywrightSession {
  readonly run: { readonly id: string } & Readonly<Record<string, unknown>>
  readonly runFiles: Readonly<Record<string, string | Buffer>>
  readonly results: readonly {
    readonly result: { readonly id: string } & Readonly<Record<string, unknown>>
    readonly files: Readonly<Record<string, string | Buffer>>
  }[]
}

/** The server mode of playwright-ibutsu: one request after the other; gives every answer. */
export async function sendPlaywrightSession(
  client: TypescriptClient,
  session: PlaywrightSession,
): Promise<ClientAnswer[]> {
  const { run, runFiles, results } = session
  const answers: ClientAnswer[] = []
  const keep = async (answer: Promise<ClientAnswer>) => answers.push(await answer)
  const addOrUpdateRun = async () => {
    const found = await client.get(`/run/${run.id}`)
    answers.push(found)
    const exists = found.status >= 200 && found.status < 300
    await keep(exists ? client.send('PUT', `/run/${run.id}`, run) : client.send('POST', '/run', run))
  }
  await addOrUpdateRun()
  for (const [filename, content] of Object.entries(runFiles)) {
    await keep(client.sendForm('/artifact', artifactForm({ runId: run.id, filename, content })))
  }
  for (const { result, files } of results) {
    await keep(client.send('POST', '/result', result))
    for (const [filename, content] of Object.entries(files)) {
      await keep(client.sendForm('/artifact', artifactForm({ resultId: result.id, filename, content })))
    }
  }
  await addOrUpdateRun()
  await keep(client.get('/health/info'))
  return answers
}
