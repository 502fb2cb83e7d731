declare const raw: unique symbol

/** JSON text that is passed through unread: a jsonb column on its way into an answer. Always well-formed JSON. */
export type RawJson = string & { readonly [raw]: true }

/** Marks text that is known to be JSON (a jsonb column's text, or the output of `JSON.stringify`). */
export function rawJson(text: string): RawJson {
  return text as RawJson
}

/**
 * The object that a jsonb column holds, else `otherwise`: SQLAlchemy stored None as JSON null, so an adopted database has
 * more than objects and NULL there. PostgreSQL prints no blank before the brace.
 */
export function objectOr<T>(column: RawJson | null, otherwise: T): RawJson | T {
  return column?.startsWith('{') ? column : otherwise
}

/** The text of an empty object, what a missing `metadata` shows as. */
export const EMPTY_OBJECT = rawJson('{}')
