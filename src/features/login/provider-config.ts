import type { components } from '../../../generated/types.ts'
import type { Config } from '../../config.ts'

type LoginSupport = components['schemas']['LoginSupport']
type LoginConfig = components['schemas']['LoginConfig']

/** What a provider's login begins with (access.md 3). */
interface Provider {
  readonly scope: string
  readonly clientId: string | undefined
  readonly baseUrl: string | undefined
  /** Below the base URL, or an absolute address. */
  readonly authUrl: string
}

/** Which ways to log in are set up. All but Keycloak count as soon as their id is set, even to nothing. */
export function readSupport(config: Config): LoginSupport {
  return {
    user: config.userLoginEnabled,
    keycloak: isKeycloakReady(config),
    google: config.googleClientId !== undefined,
    github: config.githubClientId !== undefined,
    facebook: config.facebookAppId !== undefined,
    gitlab: config.gitlabClientId !== undefined,
  }
}

/** How a login at a provider begins; an unknown name is answered like a provider without an id (access.md 3). */
export function readProviderConfig(config: Config, name: string): LoginConfig {
  if (name === 'keycloak') return readKeycloakConfig(config)
  // Without /api: the recorded answers pin it.
  const redirect_uri = `${config.backendUrl}/login/auth/${name}`
  const provider = providersOf(config).get(name)
  if (!provider) return { redirect_uri, scope: '', client_id: null }
  const { scope, clientId = null, baseUrl, authUrl } = provider
  const id = name === 'facebook' ? { app_id: clientId } : { client_id: clientId }
  return { redirect_uri, scope, ...id, authorization_url: joinUrl(baseUrl, authUrl) }
}

function providersOf(config: Config): ReadonlyMap<string, Provider> {
  return new Map([
    [
      'google',
      {
        scope: 'https://www.googleapis.com/auth/userinfo.profile',
        clientId: config.googleClientId,
        baseUrl: config.googleBaseUrl,
        authUrl: config.googleAuthUrl || 'https://accounts.google.com/o/oauth2/v2/auth',
      },
    ],
    [
      'github',
      {
        scope: 'user',
        clientId: config.githubClientId,
        baseUrl: config.githubBaseUrl,
        authUrl: config.githubAuthUrl || 'https://github.com/login/oauth/authorize',
      },
    ],
    [
      'gitlab',
      {
        scope: 'read_user',
        clientId: config.gitlabClientId,
        baseUrl: config.gitlabBaseUrl,
        authUrl: config.gitlabAuthUrl || '/oauth/authorize',
      },
    ],
    [
      'facebook',
      {
        scope: 'email public_profile',
        clientId: config.facebookAppId,
        baseUrl: config.facebookBaseUrl,
        authUrl: config.facebookAuthUrl || 'https://www.facebook.com/v11.0/dialog/oauth',
      },
    ],
  ])
}

function isKeycloakReady(config: Config): boolean {
  return Boolean(config.keycloakClientId && config.keycloakBaseUrl)
}

function readKeycloakConfig(config: Config): LoginConfig {
  if (!isKeycloakReady(config)) return {}
  const realm = config.keycloakRealm ?? ''
  const server = joinUrl(config.keycloakBaseUrl, config.keycloakAuthPath ?? '')
  const api = config.backendUrl.endsWith('/api') ? config.backendUrl : `${config.backendUrl}/api`
  return {
    server_url: server,
    authorization_url: joinUrl(server, `realms/${realm}/protocol/openid-connect/auth`),
    realm,
    client_id: config.keycloakClientId ?? null,
    redirect_uri: `${api}/login/auth/keycloak`,
    ...(config.keycloakIcon ? { icon: config.keycloakIcon } : {}),
    ...(config.keycloakName ? { display_name: config.keycloakName } : {}),
    ...(config.keycloakVerifySsl ? { verify_ssl: /^[yt1]/i.test(config.keycloakVerifySsl) } : {}),
  }
}

/** Base and path with one slash between; an absolute path stands for itself, and without a base the path alone. */
function joinUrl(base: string | undefined, path: string): string {
  if (/^https?:\/\//.test(path)) return path
  return [base ?? '', path]
    .map((part) => part.replace(/^\/+|\/+$/g, ''))
    .filter((part) => part !== '')
    .join('/')
}
