/**
 * Every error that a request can end in, as one table: what the client sees, and how loudly we log it.
 * `docs/errors.md` lists the same codes; `test/unit/errors.test.ts` compares both ways and with the spec.
 */

/**
 * How an error's body looks (contract/access.md 7): `text` is a JSON string (bare text where the operation
 * answers plain text), `problem` an RFC 7807 object, `login` is `{code, message}`.
 */
export type ErrorShape = 'text' | 'problem' | 'login'

export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

interface ErrorRow {
  readonly status: number
  readonly shape: ErrorShape
  /** May hold `{name}` placeholders, filled from the details that `fail` is given. */
  readonly message: string
  readonly level: LogLevel
  /** The `code` member of a login error. */
  readonly loginCode?: string
}

const text = (status: number, message: string): ErrorRow => ({ status, shape: 'text', message, level: 'info' })
const problem = (status: number, message: string, level: LogLevel = 'info'): ErrorRow => ({
  status,
  shape: 'problem',
  message,
  level,
})
const login = (status: number, loginCode: string, message: string): ErrorRow => ({
  status,
  shape: 'login',
  message,
  level: 'info',
  loginCode,
})

export const errors = {
  // The edge: routing, tokens, content types, schemas.
  path_not_found: problem(404, 'There is nothing at this path.'),
  method_not_allowed: problem(405, 'This path does not answer to that method.'),
  no_token: problem(401, 'No authorization token provided'),
  invalid_authorization_header: problem(401, 'Invalid authorization header'),
  invalid_token: problem(401, 'The token is malformed or was not signed by this server'),
  expired_token: problem(401, 'The token has expired'),
  revoked_token: problem(401, 'The token is no longer valid'),
  unsupported_media_type: problem(415, 'Invalid Content-type ({type}), expected {expected}'),
  json_required: text(400, 'Bad Request JSON required'),
  empty_body: problem(400, 'Request body must not be empty'),
  broken_json: problem(400, 'The request body is not valid JSON: {reason}'),
  broken_multipart: problem(400, 'The multipart body cannot be read: {reason}'),
  body_too_large: problem(413, 'The request body is larger than the limit of {limit} bytes'),
  field_too_large: problem(413, 'The form field {field} is larger than the limit of {limit} bytes'),
  invalid_parameter: problem(400, '{detail}'),
  invalid_body: problem(400, '{detail}'),
  bad_request: text(400, 'Bad Request'),
  internal: problem(
    500,
    'The server met an error it did not expect; the log has it under request id {requestId}',
    'error',
  ),
  spec_violation: problem(500, 'The answer breaks the spec: {detail}', 'error'),
  database_away: problem(503, 'The database is not available', 'error'),
  database_read_only: problem(503, 'The database takes no writes at the moment', 'error'),

  // Ids and objects.
  invalid_id: text(400, 'ID: {id} is not a valid UUID'),
  invalid_uuid: text(400, '{field} is not a valid UUID: {value}'),
  invalid_time: text(400, '{field} is not an ISO 8601 date and time: {value}'),
  invalid_value: text(400, '{detail}'),
  id_taken: text(400, '{what} id {id} already exist'),
  group_id_taken: text(400, 'The group with ID {id} already exists'),
  forbidden: text(403, 'Forbidden'),
  unauthorized: text(401, 'Unauthorized'),
  not_found: text(404, 'Not Found'),
  run_not_found: text(404, 'Run not found'),
  result_not_found: text(404, 'Result not found'),
  project_not_found: text(404, 'Project not found'),
  dashboard_not_found: text(404, 'Dashboard not found'),
  widget_config_not_found: text(404, 'Widget config not found'),
  group_not_found: text(404, 'Group not found'),
  token_not_found: text(404, 'Token not found'),
  statement_timeout: text(400, 'The query took too long and was cancelled; narrow it down: {filter}'),

  // Filters and pages.
  invalid_filter: text(400, 'The filter {filter} does not fit its field: {reason}'),
  project_filter_required: text(400, 'Bad request, project_id filter is required'),
  page_too_big: text(400, 'The page number is too big.'),

  // Runs and results.
  no_data: text(400, 'Bad request, no data supplied'),
  project_required: text(400, 'Bad request, project or project_id is required'),
  invalid_project: text(400, 'Invalid project'),
  ambiguous_project: text(400, 'Several projects are called {name}; name the project by its id'),
  unknown_run: text(400, 'The run {id} does not exist'),
  only_metadata: text(401, 'Bad request, can only update metadata'),
  too_many_runs: text(405, 'Bad request, cannot update more than 25 runs at a time'),
  no_runs_found: text(404, 'No runs found with {filters}'),
  too_many_tasks: problem(429, 'You have asked for too many large pages: {reason}'),
  page_too_large: text(400, 'The page holds more than {limit} MB; ask for fewer rows.'),

  // Artifacts.
  no_file: text(400, 'Bad request, no file uploaded'),
  no_owner: text(400, 'Bad request, either resultId or runId must be provided'),
  two_owners: text(400, 'Bad request, cannot provide both resultId and runId'),
  no_filename: text(400, 'Bad request, filename is required'),
  owner_no_uuid: text(400, '{what} ID {id} is not in UUID format'),
  owner_not_found: text(404, '{what} ID {id} not found'),
  file_too_large: text(400, 'Bad request, file size exceeds maximum allowed size of 5MB'),
  file_empty: text(400, 'Bad request, uploaded file is empty'),
  metadata_no_json: text(400, 'Bad request, additionalMetadata is not valid JSON'),
  metadata_no_object: text(400, 'Bad request, additionalMetadata must be a JSON object, not a list or primitive'),

  // Imports.
  unknown_import_project: text(400, "Project {project} doesn't exist"),
  unsupported_import: text(415, 'Unsupported Media Type'),

  // Accounts.
  login_empty: login(401, 'EMPTY', 'Username and/or password are empty'),
  login_disabled: login(401, 'INVALID', 'Username/password auth is disabled. Please login via one of the links below.'),
  login_inactive: login(401, 'INACTIVE', 'User account is inactive'),
  login_invalid: login(401, 'INVALID', 'Username and/or password are invalid'),
  unknown_provider: text(400, 'There is no login by {provider} here'),
  login_not_started: text(400, 'This login was not begun here, or too long ago; please log in again'),
  too_many_attempts: login(429, 'LIMITED', 'Too many attempts. Please try again in {seconds} seconds.'),
  password_too_long: login(400, 'INVALID', 'Password is too long (max 72 bytes)'),
  email_taken: text(400, 'The user with email {email} already exists'),
  code_malformed: text(400, 'Activation code {code} is not valid'),
  code_unknown: text(400, 'Invalid activation code'),
  reserved_token_name: text(400, 'The token name login-token is reserved'),
  unknown_group: text(400, "Group id {id} doesn't exist"),
  unknown_user: text(400, "User id {id} doesn't exist"),
  unknown_dashboard: text(400, "Dashboard id {id} doesn't exist"),
  dashboard_user_unknown: text(400, "User with ID {id} doesn't exist"),
  unknown_widget_type: text(400, 'Bad request, widget type does not exist'),
  unknown_project: text(400, "Project id {id} doesn't exist"),

  // Widgets.
  unknown_widget_parameters: text(400, "Invalid parameters for widget '{widget}': {names}"),
  widget_parameter: text(400, "Parameter error for widget '{widget}': {detail}"),
  invalid_group_field: text(400, 'Rows cannot be grouped by {field}: {reason}'),

  // Administration.
  admin_only: problem(403, 'Only superadmins may do this'),
  admin_not_found: problem(404, '{what} not found'),
  delete_self: problem(400, 'Cannot delete yourself'),
  delete_last_superadmin: problem(400, 'Cannot delete the last superadmin user'),
  demote_last_superadmin: problem(400, 'Cannot demote or deactivate the last superadmin user'),
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof errors

/** An error that a client caused and may see. Thrown anywhere below the dispatcher, rendered only there. */
export class ApiError extends Error {
  readonly code: ErrorCode
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ErrorCode, details: Readonly<Record<string, string | number>>, headers: Record<string, string>) {
    super(fill(errors[code].message, details))
    this.name = 'ApiError'
    this.code = code
    this.headers = headers
  }

  get row(): ErrorRow {
    return errors[this.code]
  }
}

/** Makes the error of a code: `throw fail('invalid_id', { id })`. Details fill the message's placeholders. */
export function fail(
  code: ErrorCode,
  details: Readonly<Record<string, string | number>> = {},
  headers: Record<string, string> = {},
): ApiError {
  return new ApiError(code, details, headers)
}

/** Whether nothing is wrong with what was asked: the database was not there, or took no writes, for as long as one waits. */
export function isOutage(error: unknown): boolean {
  return error instanceof ApiError && (error.code === 'database_away' || error.code === 'database_read_only')
}

function fill(message: string, details: Readonly<Record<string, string | number>>): string {
  return message.replace(/\{(\w+)\}/g, (whole, name: string) => String(details[name] ?? whole))
}
