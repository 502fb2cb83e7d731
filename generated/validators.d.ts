// Generated from openapi/ by npm run generate. Do not edit.

import type { ErrorObject } from 'ajv'
import type { OperationId } from './operations.ts'

/** True when the data fit; else `errors` holds the first error until the next call. */
export interface Validate {
  (data: unknown): boolean
  errors?: ErrorObject[] | null
}

export const validators: Readonly<Record<OperationId, { readonly parameters: Validate | null; readonly body: Validate | null }>>
