/** Why the program ends. An operator reads these in `kubectl describe pod` or `systemctl status`; docs/deployment.md lists them. */
export const exitCodes = {
  /** It was asked to stop. */
  stopped: 0,
  /** Something nobody foresaw; the log has the stack. */
  unexpected: 1,
  /** A setting or command is wrong. */
  settings: 2,
  /** A worker failed to boot; its error is the last line. */
  workerBoot: 3,
  /** The address is in use or cannot be bound. */
  bind: 4,
  /** No database answered within DB_WAIT. */
  noDatabase: 5,
  /** The database refused the login. */
  databaseLogin: 6,
  /** The schema is newer in a breaking way, or not Ibutsu's. */
  schema: 7,
  /** Another server runs on the data folder. */
  dataFolder: 8,
  /** `rebuild-rollups` found differences, and repaired them. */
  differences: 9,
} as const

/** An end with one clear line for a person and one of the codes above. */
export class ExitError extends Error {
  override name = 'ExitError'
  readonly code: number

  constructor(code: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
