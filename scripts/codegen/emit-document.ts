import type { Ir } from './operations.ts'

/** openapi.json: the bundled document, for clients, Swagger UI and openapi-backend. */
export function emitDocument(ir: Ir): string {
  return `${JSON.stringify(ir.document, null, 2)}\n`
}
