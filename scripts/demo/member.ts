import type { ApiClient } from './api-client.ts'

export const member = { email: 'dana.demo@example.com', name: 'Dana (demo)' } as const

/**
 * Makes the project's member, when the caller may. The account has a password only when one is given: nobody shall find
 * a door open that they did not know of.
 * @returns whether the account is a member now
 */
export async function addMember(api: ApiClient, projectId: string, password: string | undefined): Promise<boolean> {
  const query = new URLSearchParams({ filter: `email=${member.email}` })
  const found = await api.ask<{ users: unknown[] }>('GET', `/admin/user?${query}`)
  if (found.status !== 200) return false
  if (found.body.users.length === 0) {
    const json = { ...member, is_active: true, ...(password === undefined ? {} : { password }) }
    await api.call('POST', '/admin/user', { json })
  }
  await api.call('PUT', `/project/${projectId}`, { json: { users: [member.email] } })
  return true
}
