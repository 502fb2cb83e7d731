/** The tables that filters may ask, and what each of their columns holds (data-model.md 1, filters.md 3 and 5). */

export type ColumnKind = 'text' | 'double' | 'integer' | 'boolean' | 'timestamp' | 'uuid' | 'jsonb'

export interface ColumnSpec {
  readonly kind: ColumnKind
  /**
   * The column is indexed by its first so many characters, since btree keys end at 2.7 kB (D32): equality compares
   * the prefix too, so that the index can be used.
   */
  readonly prefix?: number
}

export interface TableSpec {
  /** How the statement calls the table: its name or an alias. Trusted text. */
  readonly alias: string
  /** The columns that filters reach. Others (passwords, codes, contents) can't be asked for. */
  readonly columns: Readonly<Record<string, ColumnSpec>>
  /** Has the jsonb column `data`, reached as `metadata.…` and `data.…`. */
  readonly data: boolean
  /** Has the jsonb column `summary`, reached as `summary.…`. */
  readonly summary: boolean
  /** `data` has a GIN index (jsonb_path_ops): equality emits `data @> …` beside the comparison of texts. */
  readonly containment: boolean
  /** Filters whose text has "project" in it let rows without a project through (filters.md 6, widget-config). */
  readonly keepsProjectless: boolean
}

type TableName = 'runs' | 'results' | 'projects' | 'dashboards' | 'widget_configs' | 'imports' | 'users'

const text: ColumnSpec = { kind: 'text' }
/** As in the indexes of db/migrations/0004. */
const longText: ColumnSpec = { kind: 'text', prefix: 200 }
const uuid: ColumnSpec = { kind: 'uuid' }
const timestamp: ColumnSpec = { kind: 'timestamp' }
const double: ColumnSpec = { kind: 'double' }
const integer: ColumnSpec = { kind: 'integer' }
const boolean: ColumnSpec = { kind: 'boolean' }
const jsonb: ColumnSpec = { kind: 'jsonb' }

const plain = { data: false, summary: false, containment: false, keepsProjectless: false }

/** Table specs by table name. `data` and `summary` are no plain columns here: they are reached by path only. */
export const tables = {
  runs: {
    ...plain,
    alias: 'runs',
    data: true,
    summary: true,
    containment: true,
    columns: {
      id: uuid,
      project_id: uuid,
      env: text,
      component: longText,
      source: longText,
      start_time: timestamp,
      duration: double,
      created: timestamp,
    },
  },
  results: {
    ...plain,
    alias: 'results',
    data: true,
    containment: true,
    columns: {
      id: uuid,
      project_id: uuid,
      run_id: uuid,
      test_id: text,
      result: text,
      params: jsonb,
      duration: double,
      start_time: timestamp,
      source: longText,
      env: text,
      component: longText,
    },
  },
  projects: {
    ...plain,
    alias: 'projects',
    columns: { id: uuid, name: text, title: text, owner_id: uuid, group_id: uuid, default_dashboard_id: uuid },
  },
  dashboards: {
    ...plain,
    alias: 'dashboards',
    columns: { id: uuid, title: text, description: text, filters: text, project_id: uuid, user_id: uuid },
  },
  widget_configs: {
    ...plain,
    alias: 'widget_configs',
    keepsProjectless: true,
    columns: {
      id: uuid,
      project_id: uuid,
      dashboard_id: uuid,
      title: text,
      type: text,
      weight: integer,
      widget: text,
      params: jsonb,
      navigable: boolean,
    },
  },
  imports: {
    ...plain,
    alias: 'imports',
    data: true,
    columns: { id: uuid, filename: text, format: text, status: text, created: timestamp },
  },
  users: {
    ...plain,
    alias: 'users',
    columns: { id: uuid, email: text, name: text, is_superadmin: boolean, is_active: boolean, group_id: uuid },
  },
} as const satisfies Record<TableName, TableSpec>

/** The same table under another name in the statement: `withAlias(tables.runs, 'r')` for `from runs as r`. */
export function withAlias(table: TableSpec, alias: string): TableSpec {
  return { ...table, alias }
}

const knownNames: ReadonlySet<string> = new Set(Object.values(tables).flatMap((table) => Object.keys(table.columns)))
const jsonRoots: ReadonlySet<string> = new Set(['metadata', 'data', 'summary'])

/** Whether the name is a column of any table or begins like a JSON path. */
export function isKnownField(field: string): boolean {
  return knownNames.has(field) || jsonRoots.has(field.split('.', 1)[0] ?? '')
}
