import {
  addresses,
  bind,
  choice,
  choices,
  flag,
  inGroup,
  integer,
  logTarget,
  optional,
  optionalChoice,
  port,
  ratio,
  rollupFields,
  type Setting,
  schemeHeaders,
  seconds,
  secret,
  size,
  text,
} from './settings/kinds.ts'

export type { Setting } from './settings/kinds.ts'

/**
 * The settings table: every setting that the server reads, once. `config.ts` turns it into a typed value; the README's
 * configuration section (`npm run docs`) and the help of `serve` are printed from it; nothing else reads the
 * environment. A line: names (variables, and a flag where it has dashes), default, meaning.
 */

/** Both spellings of a database setting; `POSTGRESQL_` goes before `POSTGRES_`. */
const postgres = (...suffixes: string[]) =>
  ['POSTGRESQL_', 'POSTGRES_'].flatMap((prefix) => suffixes.map((suffix) => prefix + suffix))

/** What a process of the server may do. */
export const roles = ['web', 'worker', 'scheduler'] as const
export type Role = (typeof roles)[number]

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const

export const settings = {
  ...inGroup('Listening', {
    bind: bind(['BIND', '--bind'], 'Where to listen: `host:port`, `unix:/path` or `fd://N`; unset: HOST and PORT'),
    host: text(['HOST', '--host'], '0.0.0.0', 'Address to listen on'),
    port: port(['PORT', '--port'], '8080', 'Port to listen on'),
    backlog: integer(['BACKLOG', '--backlog'], '2048', 'Connections that may wait to be accepted', 1),
    keepAliveSeconds: seconds(
      ['KEEP_ALIVE', '--keep-alive'],
      '75',
      'How long an idle connection is kept; longer than the proxy in front keeps it',
    ),
    headersTimeoutSeconds: seconds(['HEADERS_TIMEOUT', '--headers-timeout'], '60', 'Longest time of a request head'),
    silenceTimeoutSeconds: seconds(
      ['SILENCE_TIMEOUT', '--silence-timeout'],
      '60',
      'A connection on which nothing moves for this long in a request is closed',
    ),
    maxJsonBytes: integer('MAX_JSON_BYTES', '5000000', 'Largest JSON body, in bytes'),
    bodyMemoryBytes: size(
      'BODY_MEMORY',
      '256Mi',
      'What bodies over 100 kB may take of a web process, one account a quarter; the others wait their turn',
    ),
  }),
  ...inGroup('Processes', {
    processes: integer(['GUNICORN_PROCESSES', '--workers'], '1', 'Web worker processes', 1, 1024),
    threads: integer(
      ['GUNICORN_THREADS', '--threads'],
      '1',
      'Threads of each process for work that keeps a processor busy',
      1,
      1024,
    ),
    roles: choices(['ROLES', '--roles'], roles, 'web,worker,scheduler', 'What `serve` runs'),
    gracefulTimeoutSeconds: seconds(
      ['GRACEFUL_TIMEOUT', '--graceful-timeout'],
      '30',
      'How long requests under way may go on after a stop or reload',
    ),
    workerTimeoutSeconds: seconds(
      ['WORKER_TIMEOUT', '--timeout'],
      '30',
      'A worker whose event loop stands still for this long is replaced; 0: never',
    ),
    maxRequests: integer(
      ['MAX_REQUESTS', '--max-requests'],
      '0',
      'Requests after which a worker is replaced; 0: never',
    ),
    maxRequestsJitter: integer(
      ['MAX_REQUESTS_JITTER', '--max-requests-jitter'],
      '0',
      'At most so many more, by chance, so that not all are replaced at once',
    ),
    workerMemoryBytes: size(
      ['WORKER_MEMORY_LIMIT', '--worker-memory-limit'],
      '0',
      'Memory above which a worker is replaced, like 512Mi; 0: any',
    ),
    pidFile: optional(['PID_FILE', '--pid'], "File for the supervisor's process id"),
    metricsBind: bind(
      ['METRICS_BIND', '--metrics-bind'],
      'Where the metrics are served, like 0.0.0.0:9464; unset: nowhere',
    ),
    dataDir: text(['DATA_DIR', '--data-dir'], './data', 'Where the embedded database and generated secrets live'),
    appConfig: optional(
      ['APP_CONFIG', '--config'],
      'A settings file (YAML or JSON), read after settings.yaml; `config.py` is ignored when there is none',
    ),
  }),
  ...inGroup('Proxies', {
    forwardedAllowIps: addresses(
      ['FORWARDED_ALLOW_IPS', '--forwarded-allow-ips'],
      '*',
      'Proxies whose X-Forwarded headers count; `*`: whoever connects; empty: nobody',
    ),
    forwardedHops: integer(
      ['FORWARDED_HOPS', '--forwarded-hops'],
      '1',
      'With `*`: how many proxies in a row there are',
      1,
      100,
    ),
    secureSchemeHeaders: schemeHeaders(
      ['SECURE_SCHEME_HEADERS', '--secure-scheme-headers'],
      'X-Forwarded-Proto=https',
      'Headers of a trusted proxy that say https, with the value that says so',
    ),
    backendUrl: text('BACKEND_URL', 'http://127.0.0.1:8080', 'Public address of this server, without a trailing slash'),
    frontendUrl: text('FRONTEND_URL', 'http://localhost:3000', 'Public address of the web pages'),
  }),
  ...inGroup('Logs', {
    accessLog: logTarget(
      ['ACCESS_LOG', '--access-logfile'],
      '-',
      'A line for each request goes to: `-` standard output, a file, `off`',
    ),
    errorLog: text(['ERROR_LOG', '--error-logfile'], '-', 'Everything else goes to: `-` standard error, or a file'),
    logFormat: optionalChoice(
      ['LOG_FORMAT', '--log-format'],
      ['gunicorn', 'json'],
      'Form of both logs; unset: json lines for requests, gunicorn for everything else',
    ),
    logLevel: choice(['LOG_LEVEL', '--log-level'], logLevels, 'info', 'Least important line that is logged', {
      warning: 'warn',
      critical: 'fatal',
    }),
    traceEndpoint: optional(
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'Collector of OpenTelemetry traces (OTLP over HTTP), like http://collector:4318; unset: no traces',
    ),
    traceRatio: ratio(
      'OTEL_TRACES_SAMPLER_ARG',
      '1',
      'Part of the requests that are traced when the caller does not say, 0 to 1',
    ),
    validateAnswers: flag('VALIDATE_ANSWERS', 'false', 'Check each answer against the spec (development and tests)'),
    mockUnbuilt: flag(
      'MOCK_UNBUILT',
      'false',
      'Answer operations that nobody has built yet with their example (development; `npm run dev` sets it)',
    ),
  }),
  ...inGroup('Database and broker', {
    databaseUrl: secret('SQLALCHEMY_DATABASE_URI', 'Database as one URL; goes before the parts below'),
    databaseHost: optional(postgres('HOST', 'HOSTNAME'), 'Database host'),
    databasePort: port(postgres('PORT'), '5432', 'Database port'),
    databaseName: optional(postgres('DB', 'DATABASE'), 'Database name (ibutsu when only the host is given)'),
    databaseUser: text(postgres('USER'), 'ibutsu', 'Database user'),
    databasePassword: secret(postgres('PASSWORD'), 'Database password (ibutsu when unset)'),
    databaseSslMode: optional(postgres('SSLMODE'), 'TLS to the database: disable, require, verify-full …'),
    databaseListenUrl: secret(
      'DATABASE_LISTEN_URL',
      'Direct database URL for LISTEN where the pool goes through PgBouncer',
    ),
    databasePoolSize: integer('DB_POOL_SIZE', '10', 'Database connections of each process', 1),
    databaseWaitSeconds: seconds(
      ['DB_WAIT', '--db-wait'],
      '60',
      'How long the start waits for the database, in seconds',
    ),
    databaseRetrySeconds: integer('DB_RETRY', '30', 'How long a request waits for a database that is away, in seconds'),
    statementTimeoutSeconds: integer(
      'STATEMENT_TIMEOUT',
      '25',
      'Longest time of one statement of a request, in seconds; in files also from SQLALCHEMY_ENGINE_OPTIONS',
    ),
    brokerUrl: secret(['CELERY_BROKER_URL', 'REDIS_URL'], 'Redis that hands out jobs; unset: the database does'),
    resultBackendUrl: secret('CELERY_RESULT_BACKEND', 'Accepted; results of jobs live in the database'),
  }),
  ...inGroup('Jobs', {
    jobConcurrency: integer(
      ['JOB_CONCURRENCY', '--job-concurrency'],
      '2',
      'Jobs that one process runs at once',
      1,
      100,
    ),
    jobLeaseSeconds: seconds('JOB_LEASE', '15', 'After this long a job of a worker that died goes to another one'),
    rollupFields: rollupFields(
      'ROLLUP_FIELDS',
      'More fields that widgets count at once, like metadata.sprint, separated by commas (docs/widgets.md)',
    ),
    pruneFilesMonths: integer(
      'PRUNE_FILES_MONTHS',
      '3',
      'Age at which artifacts go, in months of 30 days; under 2: never',
    ),
    pruneResultsMonths: integer('PRUNE_RESULTS_MONTHS', '5', 'Age at which results go, in months; under 4: never'),
    pruneRunsMonths: integer('PRUNE_RUNS_MONTHS', '12', 'Age at which runs go, in months; under 10: never'),
    pruneImportsDays: integer('PRUNE_IMPORTS_DAYS', '7', 'Age at which imports go, in days; 0: never'),
  }),
  ...inGroup('Accounts and tokens', {
    jwtSecret: secret('JWT_SECRET', 'Key that signs tokens; the embedded start makes one and keeps it'),
    jwtIssuer: text('JWT_ISSUER', 'org.ibutsu-project.server', 'The iss claim of tokens'),
    jwtLifetimeSeconds: integer('JWT_LIFETIME_SECONDS', '2592000', 'How long a login lasts, in seconds'),
    userLoginEnabled: flag('USER_LOGIN_ENABLED', 'true', 'Whether ordinary accounts may log in with a password'),
    superadminEmail: optional('IBUTSU_SUPERADMIN_EMAIL', 'E-mail of the superadmin that the start makes'),
    superadminPassword: secret('IBUTSU_SUPERADMIN_PASSWORD', 'Password of a superadmin that is made new'),
    superadminName: text('IBUTSU_SUPERADMIN_NAME', 'Ibutsu Admin', 'Name of a superadmin that is made new'),
    superadminProject: optional('IBUTSU_SUPERADMIN_OWN_PROJECT', 'A project to make for a new superadmin'),
    bcryptRounds: integer('BCRYPT_LOG_ROUNDS', '12', 'Cost of password hashes', 4, 31),
  }),
  ...inGroup('Imports', {
    importMaxBytes: integer('IMPORT_MAX_BYTES', '1000000000', 'Largest file that can be imported, in bytes'),
    importMaxEntries: integer(
      'IMPORT_MAX_ENTRIES',
      '1000000',
      'Most files of one archive, or test cases of one XML file',
    ),
    importMaxExpandedBytes: integer(
      'IMPORT_MAX_EXPANDED_BYTES',
      '20000000000',
      'Largest size of an archive after decompression, in bytes',
    ),
    importMaxRatio: integer(
      'IMPORT_MAX_RATIO',
      '200',
      'How many times its size an archive may grow in decompression, once it is past 64 MB',
    ),
    importMaxMemberBytes: integer(
      'IMPORT_MAX_MEMBER_BYTES',
      '268435456',
      'Largest single file of an archive, in bytes; PostgreSQL ends at 1 GB',
    ),
    importMaxTextBytes: integer(
      'IMPORT_MAX_TEXT_BYTES',
      '10000000',
      'Largest text of one XML element or attribute, and largest run.json or result.json, in bytes',
    ),
    importMaxDepth: integer('IMPORT_MAX_DEPTH', '100', 'Most levels of nested XML elements'),
    importMaxNameLength: integer('IMPORT_MAX_NAME_LENGTH', '1024', 'Longest file name within an archive'),
  }),
  ...inGroup('Other logins', {
    keycloakClientId: optional('KEYCLOAK_CLIENT_ID', 'Client id at Keycloak; with the base URL it offers that login'),
    keycloakBaseUrl: optional('KEYCLOAK_BASE_URL', 'Address of Keycloak'),
    keycloakAuthPath: optional('KEYCLOAK_AUTH_PATH', 'Path of Keycloak below its address'),
    keycloakRealm: optional('KEYCLOAK_REALM', 'Realm at Keycloak'),
    keycloakIcon: optional('KEYCLOAK_ICON', 'Icon of the Keycloak button'),
    keycloakName: optional('KEYCLOAK_NAME', 'Caption of the Keycloak button'),
    keycloakVerifySsl: optional('KEYCLOAK_VERIFY_SSL', "Whether Keycloak's certificate is verified; unset: yes"),
    keycloakRequireState: flag(
      'KEYCLOAK_REQUIRE_STATE',
      'false',
      'Whether a login at Keycloak must begin at /api/login/start/keycloak; the web pages of Ibutsu begin it elsewhere',
    ),
    googleClientId: optional('GOOGLE_CLIENT_ID', 'Client id at Google; set, it offers that login'),
    googleBaseUrl: optional('GOOGLE_BASE_URL', 'Address of Google, where it is not the usual one'),
    googleAuthUrl: optional('GOOGLE_AUTH_URL', 'Authorization address, where it is not the usual one'),
    googleIssuer: text('GOOGLE_ISSUER', 'https://accounts.google.com', "Who issues Google's ID tokens"),
    githubClientId: optional('GITHUB_CLIENT_ID', 'Client id at GitHub; set, it offers that login'),
    githubClientSecret: secret('GITHUB_CLIENT_SECRET', 'Client secret at GitHub'),
    githubBaseUrl: optional('GITHUB_BASE_URL', 'Address of GitHub, where it is not the usual one'),
    githubAuthUrl: optional('GITHUB_AUTH_URL', 'Authorization address, where it is not the usual one'),
    githubTokenUrl: optional('GITHUB_TOKEN_URL', 'Token address, where it is not the usual one'),
    githubUserUrl: optional('GITHUB_USER_URL', "Address of the user's data, where it is not the usual one"),
    gitlabClientId: optional('GITLAB_CLIENT_ID', 'Client id at GitLab; set, it offers that login'),
    gitlabClientSecret: secret('GITLAB_CLIENT_SECRET', 'Client secret at GitLab'),
    gitlabBaseUrl: optional('GITLAB_BASE_URL', 'Address of GitLab, where it is not the usual one'),
    gitlabAuthUrl: optional('GITLAB_AUTH_URL', 'Authorization address, where it is not the usual one'),
    gitlabTokenUrl: optional('GITLAB_TOKEN_URL', 'Token address, where it is not the usual one'),
    gitlabUserUrl: optional('GITLAB_USER_URL', "Address of the user's data, where it is not the usual one"),
    facebookAppId: optional('FACEBOOK_APP_ID', 'App id at Facebook; set, it offers that login'),
    facebookBaseUrl: optional('FACEBOOK_BASE_URL', 'Address of Facebook'),
    facebookAuthUrl: optional('FACEBOOK_AUTH_URL', "Authorization address, instead of Facebook's usual one"),
    httpsProxy: secret(['HTTPS_PROXY', 'https_proxy'], 'Proxy on the way to providers with https addresses'),
    httpProxy: secret(['HTTP_PROXY', 'http_proxy'], 'Proxy on the way to providers with http addresses'),
    noProxy: optional(['NO_PROXY', 'no_proxy'], 'Hosts that are reached without a proxy, separated by commas'),
  }),
  ...inGroup('Mail', {
    mailServer: optional('MAIL_SERVER', 'Mail server; unset: links of mails are written to the log'),
    mailPort: port('MAIL_PORT', '25', 'Port of the mail server'),
    mailUsername: optional('MAIL_USERNAME', 'Account at the mail server'),
    mailPassword: secret('MAIL_PASSWORD', 'Password at the mail server'),
    mailUseTls: flag(
      'MAIL_USE_TLS',
      'false',
      'Whether the connection turns to TLS by STARTTLS before anything is sent',
    ),
    mailUseSsl: flag('MAIL_USE_SSL', 'false', 'Whether the connection is TLS from the start'),
    mailDefaultSender: optional('MAIL_DEFAULT_SENDER', 'Sender; unset: no-reply at the host of BACKEND_URL'),
    mailSuppressSend: flag('MAIL_SUPPRESS_SEND', 'false', 'Whether mails are made but not sent'),
  }),
} as const satisfies Record<string, Setting>
