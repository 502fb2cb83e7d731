import { ApiError, errors } from '../errors.ts'

/** A file that can't be read, or may not go where it says. Its message ends up in `metadata.error`, for the sender. */
export class ImportRefused extends Error {
  override name = 'ImportRefused'
}

/**
 * What is wrong with the file, where that is what an error says: a refusal, a value that some rule or PostgreSQL does not
 * take. Null for every other error: those are worth another try.
 */
export function refusalOf(error: unknown): ImportRefused | null {
  if (error instanceof ImportRefused) return error
  if (error instanceof ApiError) return errors[error.code].status < 500 ? new ImportRefused(error.message) : null
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === '23503') return new ImportRefused('It belongs to something that was deleted meanwhile.')
  if (/^(22|54)\w{3}$/.test(code)) {
    return new ImportRefused(`The database does not take a value of it: ${(error as Error).message}`)
  }
  return null
}
