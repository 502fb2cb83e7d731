import type { components } from '../../../generated/types.ts'
import type { Config } from '../../config.ts'
import { findProvider, isYes, keycloakServer, redirectUriOf, settingsOf, startUrlOf } from './sso-providers.ts'

type LoginSupport = components['schemas']['LoginSupport']
type LoginConfig = components['schemas']['LoginConfig']

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

/**
 * How a login at a provider begins; an unknown name is answered like a provider without an id (access.md 3). Where a login
 * needs a state it begins at this server (D22).
 */
export function readProviderConfig(config: Config, name: string): LoginConfig {
  if (name === 'keycloak') return readKeycloakConfig(config)
  const redirect_uri = redirectUriOf(config, name)
  if (!isKnown(name)) return { redirect_uri, scope: '', client_id: null }
  const { scope, clientId = null, authUrl } = settingsOf[name](config)
  const id = name === 'facebook' ? { app_id: clientId } : { client_id: clientId }
  return { redirect_uri, scope, ...id, authorization_url: beginOf(config, name, authUrl) }
}

function isKnown(name: string): name is keyof typeof settingsOf {
  return Object.hasOwn(settingsOf, name)
}

function beginOf(config: Config, name: string, authUrl: string): string {
  return findProvider(config, name)?.needsState ? startUrlOf(config, name) : authUrl
}

function isKeycloakReady(config: Config): boolean {
  return Boolean(config.keycloakClientId && config.keycloakBaseUrl)
}

function readKeycloakConfig(config: Config): LoginConfig {
  if (!isKeycloakReady(config)) return {}
  return {
    server_url: keycloakServer(config),
    authorization_url: beginOf(config, 'keycloak', settingsOf.keycloak(config).authUrl),
    realm: config.keycloakRealm ?? '',
    client_id: config.keycloakClientId ?? null,
    redirect_uri: redirectUriOf(config, 'keycloak'),
    ...(config.keycloakIcon ? { icon: config.keycloakIcon } : {}),
    ...(config.keycloakName ? { display_name: config.keycloakName } : {}),
    ...(config.keycloakVerifySsl ? { verify_ssl: isYes(config.keycloakVerifySsl) } : {}),
  }
}
