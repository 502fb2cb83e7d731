import type { CodeProvider } from '../../clients/code-exchange.ts'
import type { Config } from '../../config.ts'

/** What the settings say of a provider (access.md 3). Addresses may be unusable while it is not set up. */
export interface ProviderSettings {
  readonly scope: string
  readonly clientId: string | undefined
  readonly clientSecret?: string | undefined
  readonly authUrl: string
  readonly tokenUrl: string
  readonly userUrl: string
  readonly issuer: string
}

/** A provider whose logins may begin here and whose codes are exchanged. */
export interface Provider extends CodeProvider {
  readonly name: CodeProviderName
  readonly authUrl: string
  readonly scope: string
  /** Whether codes count only when the login began at this server (D22). */
  readonly needsState: boolean
}

const codeProviderNames = ['github', 'gitlab', 'keycloak'] as const
export type CodeProviderName = (typeof codeProviderNames)[number]

/** A provider by its name, when it is one of those with codes and is set up. */
export function findProvider(config: Config, wanted: string): Provider | undefined {
  const name = codeProviderNames.find((candidate) => candidate === wanted)
  if (!name) return undefined
  const { clientId, clientSecret, ...rest } = settingsOf[name](config)
  if (!clientId) return undefined
  if (![rest.authUrl, rest.tokenUrl, rest.userUrl].every(isAddress)) return undefined
  return {
    ...rest,
    name,
    clientId,
    clientSecret,
    redirectUri: redirectUriOf(config, name),
    needsState: name !== 'keycloak' || config.keycloakRequireState,
    verifyTls: name !== 'keycloak' || !config.keycloakVerifySsl || isYes(config.keycloakVerifySsl),
  }
}

/** Where a provider sends the browser back to. Only Keycloak's has /api: the recorded answers pin it. */
export function redirectUriOf(config: Config, name: string): string {
  const base = name === 'keycloak' ? apiUrlOf(config) : config.backendUrl
  return `${base}/login/auth/${name}`
}

/** Where logins begin that need a state. */
export function startUrlOf(config: Config, name: string): string {
  return `${apiUrlOf(config)}/login/start/${name}`
}

/** BACKEND_URL with /api, which it may have already. */
function apiUrlOf({ backendUrl }: Config): string {
  return backendUrl.endsWith('/api') ? backendUrl : `${backendUrl}/api`
}

/** The settings of each provider. */
export const settingsOf = {
  google: (config: Config): ProviderSettings => ({
    scope: 'https://www.googleapis.com/auth/userinfo.profile',
    clientId: config.googleClientId,
    authUrl: joinUrl(config.googleBaseUrl, config.googleAuthUrl || 'https://accounts.google.com/o/oauth2/v2/auth'),
    // Its "code" is an ID token: there is nothing to exchange.
    tokenUrl: '',
    userUrl: '',
    issuer: config.googleIssuer,
  }),
  github: (config: Config): ProviderSettings => ({
    scope: 'user',
    clientId: config.githubClientId,
    clientSecret: config.githubClientSecret,
    authUrl: joinUrl(config.githubBaseUrl, config.githubAuthUrl || 'https://github.com/login/oauth/authorize'),
    tokenUrl: joinUrl(config.githubBaseUrl, config.githubTokenUrl || 'https://github.com/login/oauth/access_token'),
    userUrl: joinUrl(config.githubBaseUrl, config.githubUserUrl || 'https://api.github.com/user'),
    // GitHub's logins are no OpenID ones; should an ID token come along, it must say this.
    issuer: 'https://github.com/login/oauth',
  }),
  gitlab: (config: Config): ProviderSettings => ({
    scope: 'read_user',
    clientId: config.gitlabClientId,
    clientSecret: config.gitlabClientSecret,
    authUrl: joinUrl(config.gitlabBaseUrl, config.gitlabAuthUrl || '/oauth/authorize'),
    tokenUrl: joinUrl(config.gitlabBaseUrl, config.gitlabTokenUrl || '/oauth/token'),
    userUrl: joinUrl(config.gitlabBaseUrl, config.gitlabUserUrl || '/api/v4/user'),
    issuer: (config.gitlabBaseUrl ?? '').replace(/\/+$/, ''),
  }),
  keycloak: (config: Config): ProviderSettings => {
    const issuer = joinUrl(keycloakServer(config), `realms/${config.keycloakRealm ?? ''}`)
    return {
      scope: 'openid email profile',
      clientId: config.keycloakBaseUrl ? config.keycloakClientId : undefined,
      authUrl: joinUrl(issuer, 'protocol/openid-connect/auth'),
      tokenUrl: joinUrl(issuer, 'protocol/openid-connect/token'),
      userUrl: joinUrl(issuer, 'protocol/openid-connect/userinfo'),
      issuer,
    }
  },
  facebook: (config: Config): ProviderSettings => ({
    scope: 'email public_profile',
    clientId: config.facebookAppId,
    authUrl: joinUrl(config.facebookBaseUrl, config.facebookAuthUrl || 'https://www.facebook.com/v11.0/dialog/oauth'),
    // Logins there are not built, as in Ibutsu.
    tokenUrl: '',
    userUrl: '',
    issuer: '',
  }),
} as const

/** Address of Keycloak with its path. */
export function keycloakServer(config: Config): string {
  return joinUrl(config.keycloakBaseUrl, config.keycloakAuthPath ?? '')
}

/** A switch as Ibutsu reads it (access.md 9). */
export const isYes = (text: string): boolean => /^[yt1]/i.test(text)

const isAddress = (text: string): boolean => /^https?:\/\//.test(text) && URL.canParse(text)

/** Base and path with one slash between; an absolute path stands for itself, and without a base the path alone. */
function joinUrl(base: string | undefined, path: string): string {
  if (/^https?:\/\//.test(path)) return path
  return [base ?? '', path]
    .map((part) => part.replace(/^\/+|\/+$/g, ''))
    .filter((part) => part !== '')
    .join('/')
}
