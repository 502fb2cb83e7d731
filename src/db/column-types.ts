import type { CustomTypesConfig } from 'pg'
import pg from 'pg'

const { builtins } = pg.types

const raw = (text: string): string => text

/**
 * What node-pg may not do with our columns. JSON and moments stay the text that PostgreSQL prints: most of them only
 * travel through to an answer, and a Date would lose the microseconds. Counts become numbers.
 */
const parsers = new Map<number, (text: string) => unknown>([
  [builtins.JSON, raw],
  [builtins.JSONB, raw],
  [builtins.TIMESTAMP, raw],
  [builtins.DATE, raw],
  [builtins.INT8, Number],
  [builtins.NUMERIC, Number],
])

/** The `types` of every client of ours; node-pg's global table stays untouched. */
export const columnTypes: CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    const own = format === 'binary' ? undefined : parsers.get(oid)
    return own ?? pg.types.getTypeParser(oid, format ?? 'text')
  },
}
