import { type Config, ConfigError, databaseUrl } from '../config.ts'
import type { Assignment } from './messages.ts'
import type { WorkerRole } from './reconcile.ts'

export interface Limits {
  readonly counts: Readonly<Record<WorkerRole, number>>
  readonly threads: number
  readonly gracefulTimeoutMs: number
  readonly workerTimeoutMs: number
  readonly maxRequests: number
  readonly maxRequestsJitter: number
  readonly memoryBytes: number
}

/** What workers are made of: what they are told and how they are watched. */
export interface Plan {
  readonly assignment: Assignment
  readonly limits: Limits
}

/**
 * What the workers are made of, for a configuration.
 *
 * @param embeddedUrl of the embedded database, when that runs.
 * @throws ConfigError when something is missing without which no worker can serve.
 */
export function makePlan(config: Config, embeddedUrl?: string): Plan {
  const url = embeddedUrl ?? databaseUrl(config)
  if (!url) throw new ConfigError('SQLALCHEMY_DATABASE_URI or POSTGRESQL_HOST must be set')
  if (!config.jwtSecret) throw new ConfigError('JWT_SECRET must be set: it signs the tokens')
  const { roles } = config
  return {
    assignment: { config, databaseUrl: url },
    limits: {
      counts: {
        web: roles.includes('web') ? config.processes : 0,
        job: roles.includes('worker') || roles.includes('scheduler') ? 1 : 0,
      },
      threads: config.threads,
      gracefulTimeoutMs: config.gracefulTimeoutSeconds * 1000,
      workerTimeoutMs: config.workerTimeoutSeconds * 1000,
      maxRequests: config.maxRequests,
      maxRequestsJitter: config.maxRequestsJitter,
      memoryBytes: config.workerMemoryBytes,
    },
  }
}
