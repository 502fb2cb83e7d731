import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../../src/config.ts'
import { readProviderConfig, readSupport } from '../../../../src/features/login/provider-config.ts'

const bare = readConfig({ BACKEND_URL: 'https://tests.example.com' })

describe('ways to log in', () => {
  it('are the password alone on a bare server', () => {
    const none = { keycloak: false, google: false, github: false, facebook: false, gitlab: false }
    expect(readSupport(bare)).toEqual({ user: true, ...none })
  })

  it('count as soon as their id is set, Keycloak with its base URL', () => {
    const config = readConfig({
      USER_LOGIN_ENABLED: 'no',
      GITHUB_CLIENT_ID: '',
      FACEBOOK_APP_ID: 'f',
      KEYCLOAK_CLIENT_ID: 'k',
      KEYCLOAK_BASE_URL: '',
    })
    const expected = { user: false, keycloak: false, google: false, github: true, facebook: true, gitlab: false }
    expect(readSupport(config)).toEqual(expected)
    const ready = readConfig({ KEYCLOAK_CLIENT_ID: 'k', KEYCLOAK_BASE_URL: 'https://sso.example.com' })
    expect(readSupport(ready).keycloak).toBe(true)
  })
})

describe('where a login at a provider begins', () => {
  it('comes back without /api, as recorded', () => {
    expect(readProviderConfig(bare, 'github')).toEqual({
      redirect_uri: 'https://tests.example.com/login/auth/github',
      scope: 'user',
      client_id: null,
      authorization_url: 'https://github.com/login/oauth/authorize',
    })
  })

  it('puts base and path together with one slash', () => {
    const gitlab = (env: Record<string, string>) => readProviderConfig(readConfig(env), 'gitlab').authorization_url
    expect(gitlab({})).toBe('oauth/authorize')
    expect(gitlab({ GITLAB_BASE_URL: 'https://git.example.com/' })).toBe('https://git.example.com/oauth/authorize')
    expect(gitlab({ GITLAB_BASE_URL: 'https://git.example.com', GITLAB_AUTH_URL: 'go' })).toBe(
      'https://git.example.com/go',
    )
    expect(gitlab({ GITLAB_BASE_URL: 'https://a.example', GITLAB_AUTH_URL: 'https://b.example/go' })).toBe(
      'https://b.example/go',
    )
  })

  it.each(['nobody', 'constructor', ''])('is nowhere for %j', (name) => {
    const redirect_uri = `https://tests.example.com/login/auth/${name}`
    expect(readProviderConfig(bare, name)).toEqual({ redirect_uri, scope: '', client_id: null })
  })

  it('is all of it or nothing for Keycloak', () => {
    expect(readProviderConfig(bare, 'keycloak')).toEqual({})
    const config = readConfig({
      BACKEND_URL: 'https://tests.example.com',
      KEYCLOAK_CLIENT_ID: 'tests',
      KEYCLOAK_BASE_URL: 'https://sso.example.com/',
      KEYCLOAK_AUTH_PATH: '/auth',
      KEYCLOAK_REALM: 'quality',
      KEYCLOAK_VERIFY_SSL: 'True',
      KEYCLOAK_NAME: 'House login',
    })
    expect(readProviderConfig(config, 'keycloak')).toEqual({
      server_url: 'https://sso.example.com/auth',
      authorization_url: 'https://sso.example.com/auth/realms/quality/protocol/openid-connect/auth',
      realm: 'quality',
      client_id: 'tests',
      redirect_uri: 'https://tests.example.com/api/login/auth/keycloak',
      display_name: 'House login',
      verify_ssl: true,
    })
  })
})
