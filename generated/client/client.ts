// Generated from openapi/ by npm run generate. Do not edit.

import createClient, { type Client, type ClientOptions } from 'openapi-fetch'
import type { paths } from './types.js'

export type IbutsuClient = Client<Paths>

/** What the openapi-fetch client takes besides its address: headers, a fetch of one's own. */
export type IbutsuClientOptions = Omit<ClientOptions, 'baseUrl' | 'bodySerializer'> & {
  /** A token of a login or an API token. */
  readonly token?: string
}

/** Every path with the prefix of its server. */
export interface Paths {
  '/api/health': paths['/health']
  '/api/health/ready': paths['/health/ready']
  '/api/health/database': paths['/health/database']
  '/api/health/info': paths['/health/info']
  '/api/login': paths['/login']
  '/api/login/support': paths['/login/support']
  '/api/login/config/{provider}': paths['/login/config/{provider}']
  '/api/login/start/{provider}': paths['/login/start/{provider}']
  '/login/auth/{provider}': paths['/auth/{provider}']
  '/api/login/auth/{provider}': paths['/login/auth/{provider}']
  '/api/login/register': paths['/login/register']
  '/api/login/activate/{activation_code}': paths['/login/activate/{activation_code}']
  '/api/login/recover': paths['/login/recover']
  '/api/login/reset-password': paths['/login/reset-password']
  '/api/user': paths['/user']
  '/api/user/token': paths['/user/token']
  '/api/user/token/{id}': paths['/user/token/{id}']
  '/api/project': paths['/project']
  '/api/project/{id}': paths['/project/{id}']
  '/api/project/filter-params/{id}': paths['/project/filter-params/{id}']
  '/api/group': paths['/group']
  '/api/group/{id}': paths['/group/{id}']
  '/api/run': paths['/run']
  '/api/run/{id}': paths['/run/{id}']
  '/api/runs/bulk-update': paths['/runs/bulk-update']
  '/api/result': paths['/result']
  '/api/result/{id}': paths['/result/{id}']
  '/api/artifact': paths['/artifact']
  '/api/artifact/{id}': paths['/artifact/{id}']
  '/api/artifact/{id}/view': paths['/artifact/{id}/view']
  '/api/artifact/{id}/download': paths['/artifact/{id}/download']
  '/api/import': paths['/import']
  '/api/import/{id}': paths['/import/{id}']
  '/api/task/{id}': paths['/task/{id}']
  '/api/dashboard': paths['/dashboard']
  '/api/dashboard/{id}': paths['/dashboard/{id}']
  '/api/widget-config': paths['/widget-config']
  '/api/widget-config/{id}': paths['/widget-config/{id}']
  '/api/widget/types': paths['/widget/types']
  '/api/widget/{id}': paths['/widget/{id}']
  '/api/admin/user': paths['/admin/user']
  '/api/admin/user/{id}': paths['/admin/user/{id}']
  '/api/admin/project': paths['/admin/project']
  '/api/admin/project/{id}': paths['/admin/project/{id}']
  '/admin/run-task': paths['/admin/run-task']
}

/**
 * A typed client: `await client.GET('/api/run/{id}', { params: { path: { id } } })` gives `data` or `error`, each typed by
 * its status. `url` is the server's address without a path. A body with a Blob in it is sent as a form.
 */
export function createIbutsuClient(url: string, options: IbutsuClientOptions = {}): IbutsuClient {
  const { token, headers, ...others } = options
  return createClient<Paths>({
    ...others,
    baseUrl: url,
    headers: token === undefined ? headers : { ...(headers as object), authorization: `Bearer ${token}` },
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
}
