/** What `call` sends as the body: JSON, or a form. */
export type Body = { readonly json: unknown } | { readonly form: FormData } | undefined

export interface Answer<T> {
  readonly status: number
  readonly body: T
}

export interface ApiClient {
  /** The answer of an operation, whatever its status; `path` is below `/api`, the body parsed JSON. */
  ask<T>(method: string, path: string, body?: Body): Promise<Answer<T>>
  /** The body of a 2xx answer. @throws ApiFailure for every other status */
  call<T>(method: string, path: string, body?: Body): Promise<T>
}

/** The server refused; the message names the call and what came back. */
export class ApiFailure extends Error {
  override name = 'ApiFailure'
}

/** A client of one server for one account; without a token it may only log in. */
export function createApiClient(url: string, token?: string): ApiClient {
  const ask = async <T>(method: string, path: string, body?: Body): Promise<Answer<T>> => {
    const answer = await fetch(`${url}/api${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body && 'json' in body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: 'json' in body ? JSON.stringify(body.json) : body.form } : {}),
    })
    const text = await answer.text()
    const type = answer.headers.get('content-type') ?? ''
    return { status: answer.status, body: (/\bjson\b/.test(type) && text ? JSON.parse(text) : text) as T }
  }
  const call = async <T>(method: string, path: string, body?: Body): Promise<T> => {
    const answer = await ask<T>(method, path, body)
    if (answer.status >= 200 && answer.status < 300) return answer.body
    throw new ApiFailure(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 500)}`)
  }
  return { ask, call }
}

/** Logs in and gives a client that speaks for the account. @throws ApiFailure when the login is refused */
export async function logIn(url: string, account: { email: string; password: string }): Promise<ApiClient> {
  const { token } = await createApiClient(url).call<{ token: string }>('POST', '/login', { json: account })
  return createApiClient(url, token)
}

/** The project of that name, or undefined. */
export async function findProject(api: ApiClient, name: string): Promise<{ id: string } | undefined> {
  const query = new URLSearchParams({ filter: `name=${name}` })
  const { projects } = await api.call<{ projects: { id: string; name: string }[] }>('GET', `/project?${query}`)
  return projects.find((project) => project.name === name)
}
