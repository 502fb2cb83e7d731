/**
 * The settings table: every setting that the server reads, once. `config.ts` turns it into a typed value, the
 * README's configuration section is printed from it (`npm run docs`), and nothing else reads the environment.
 */

/**
 * How a setting's text is read: `text` has a default, `optional` may be missing, `integer` is a whole number from 0,
 * `flag` is true when its first letter is y, t or 1 in any case (access.md 9).
 */
export type SettingKind = 'text' | 'optional' | 'integer' | 'flag'

export interface Setting<K extends SettingKind = SettingKind> {
  readonly kind: K
  /** Environment variables that set it; the first that is set counts. */
  readonly env: readonly string[]
  readonly fallback?: string
  readonly secret?: boolean
  readonly about: string
}

type Names = string | readonly string[]

const text = (env: Names, about: string, fallback: string): Setting<'text'> => ({
  kind: 'text',
  env: [env].flat(),
  about,
  fallback,
})
const optional = (env: Names, about: string): Setting<'optional'> => ({ kind: 'optional', env: [env].flat(), about })
const secret = (env: Names, about: string): Setting<'optional'> => ({ ...optional(env, about), secret: true })
const integer = (env: Names, fallback: string, about: string): Setting<'integer'> => ({
  kind: 'integer',
  env: [env].flat(),
  fallback,
  about,
})
const flag = (env: Names, fallback: string, about: string): Setting<'flag'> => ({
  kind: 'flag',
  env: [env].flat(),
  fallback,
  about,
})

/** Both spellings of a database setting; `POSTGRESQL_` goes before `POSTGRES_`. */
const postgres = (...suffixes: string[]) =>
  ['POSTGRESQL_', 'POSTGRES_'].flatMap((prefix) => suffixes.map((suffix) => prefix + suffix))

export const settings = {
  host: text('HOST', 'Address to listen on', '0.0.0.0'),
  port: integer('PORT', '8080', 'Port to listen on'),
  dataDir: text('DATA_DIR', 'Where the embedded database and generated secrets live', './data'),
  databaseUrl: secret('SQLALCHEMY_DATABASE_URI', 'Database as one URL; goes before the parts below'),
  databaseHost: optional(postgres('HOST', 'HOSTNAME'), 'Database host'),
  databasePort: integer(postgres('PORT'), '5432', 'Database port'),
  databaseName: optional(postgres('DB', 'DATABASE'), 'Database name (ibutsu when only the host is given)'),
  databaseUser: text(postgres('USER'), 'Database user', 'ibutsu'),
  databasePassword: secret(postgres('PASSWORD'), 'Database password (ibutsu when unset)'),
  databaseSslMode: optional(postgres('SSLMODE'), 'TLS to the database: disable, require, verify-full …'),
  databaseListenUrl: secret(
    'DATABASE_LISTEN_URL',
    'Direct database URL for LISTEN where the pool goes through PgBouncer',
  ),
  databasePoolSize: integer('DB_POOL_SIZE', '10', 'Database connections of each process'),
  databaseRetrySeconds: integer('DB_RETRY', '30', 'How long a request waits for a database that is away, in seconds'),
  statementTimeoutSeconds: integer('STATEMENT_TIMEOUT', '25', 'Longest time of one statement of a request, in seconds'),
  jwtSecret: secret('JWT_SECRET', 'Key that signs tokens; the embedded start makes one and keeps it'),
  jwtIssuer: text('JWT_ISSUER', 'The iss claim of tokens', 'org.ibutsu-project.server'),
  jwtLifetimeSeconds: integer('JWT_LIFETIME_SECONDS', '2592000', 'How long a login lasts, in seconds'),
  backendUrl: text('BACKEND_URL', 'Public address of this server, without a trailing slash', 'http://127.0.0.1:8080'),
  frontendUrl: text('FRONTEND_URL', 'Public address of the web pages', 'http://localhost:3000'),
  userLoginEnabled: flag('USER_LOGIN_ENABLED', 'true', 'Whether ordinary accounts may log in with a password'),
  superadminEmail: optional('IBUTSU_SUPERADMIN_EMAIL', 'E-mail of the superadmin that the start makes'),
  superadminPassword: secret('IBUTSU_SUPERADMIN_PASSWORD', 'Password of a superadmin that is made new'),
  superadminName: text('IBUTSU_SUPERADMIN_NAME', 'Name of a superadmin that is made new', 'Ibutsu Admin'),
  superadminProject: optional('IBUTSU_SUPERADMIN_OWN_PROJECT', 'A project to make for a new superadmin'),
  bcryptRounds: integer('BCRYPT_LOG_ROUNDS', '12', 'Cost of password hashes'),
  maxJsonBytes: integer('MAX_JSON_BYTES', '5000000', 'Largest JSON body, in bytes'),
  logLevel: text('LOG_LEVEL', 'debug, info, warn or error', 'info'),
  accessLog: flag('ACCESS_LOG', 'true', 'Whether each request is logged to standard output'),
  validateAnswers: flag('VALIDATE_ANSWERS', 'false', 'Check each answer against the spec (development and tests)'),
  keycloakClientId: optional('KEYCLOAK_CLIENT_ID', 'Client id at Keycloak; with the base URL it offers that login'),
  keycloakBaseUrl: optional('KEYCLOAK_BASE_URL', 'Address of Keycloak'),
  keycloakAuthPath: optional('KEYCLOAK_AUTH_PATH', 'Path of Keycloak below its address'),
  keycloakRealm: optional('KEYCLOAK_REALM', 'Realm at Keycloak'),
  keycloakIcon: optional('KEYCLOAK_ICON', 'Icon of the Keycloak button'),
  keycloakName: optional('KEYCLOAK_NAME', 'Caption of the Keycloak button'),
  keycloakVerifySsl: optional('KEYCLOAK_VERIFY_SSL', "Whether Keycloak's certificate is verified"),
  googleClientId: optional('GOOGLE_CLIENT_ID', 'Client id at Google; set, it offers that login'),
  googleBaseUrl: optional('GOOGLE_BASE_URL', 'Address of Google, where it is not the usual one'),
  googleAuthUrl: optional('GOOGLE_AUTH_URL', 'Authorization address, where it is not the usual one'),
  githubClientId: optional('GITHUB_CLIENT_ID', 'Client id at GitHub; set, it offers that login'),
  githubBaseUrl: optional('GITHUB_BASE_URL', 'Address of GitHub, where it is not the usual one'),
  githubAuthUrl: optional('GITHUB_AUTH_URL', 'Authorization address, where it is not the usual one'),
  gitlabClientId: optional('GITLAB_CLIENT_ID', 'Client id at GitLab; set, it offers that login'),
  gitlabBaseUrl: optional('GITLAB_BASE_URL', 'Address of GitLab, where it is not the usual one'),
  gitlabAuthUrl: optional('GITLAB_AUTH_URL', 'Authorization address, where it is not the usual one'),
  facebookAppId: optional('FACEBOOK_APP_ID', 'App id at Facebook; set, it offers that login'),
  facebookBaseUrl: optional('FACEBOOK_BASE_URL', 'Address of Facebook'),
  facebookAuthUrl: optional('FACEBOOK_AUTH_URL', "Authorization address, instead of Facebook's usual one"),
} as const satisfies Record<string, Setting>
