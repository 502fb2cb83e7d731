import type { Client } from 'pg'
import { withClient } from './cluster.ts'
import { printTable } from './table.ts'

interface Size {
  readonly name: string
  readonly rows: number
  readonly heap: number
  readonly indexes: number
}

/** What the tables take, in bytes for each result, as a Markdown table. */
export async function printSizes(plain: string, partitioned: string): Promise<string> {
  const before = await withClient(plain, (client) => sizes(client, ['results', ...rollups, 'runs']))
  const after = await withClient(partitioned, (client) => sizes(client, ['results', 'result_ids', 'run_months']))
  const results = before[0]?.rows ?? 1
  const line = (where: string) => (size: Size) => [
    `${size.name}, ${where}`,
    size.rows.toLocaleString('en'),
    ...[size.heap, size.indexes, size.heap + size.indexes].map((bytes) => (bytes / results).toFixed(0)),
  ]
  return printTable(
    ['table', 'rows', 'bytes per result: rows', 'indexes', 'together'],
    [...before.map(line('plain')), ...after.map(line('partitioned'))],
  )
}

const rollups = ['result_rollups', 'result_contributions', 'run_rollups', 'run_contributions']

async function sizes(client: Client, names: readonly string[]): Promise<Size[]> {
  const found: Size[] = []
  for (const name of names) {
    const { rows } = await client.query<Omit<Size, 'name'>>(
      `select sum(greatest(c.reltuples, 0))::float8 as rows, sum(pg_table_size(c.oid))::float8 as heap,
          sum(pg_indexes_size(c.oid))::float8 as indexes
        from pg_class c
        where c.relkind = 'r' and (c.oid = $1::regclass or c.oid in (select relid from pg_partition_tree($1::regclass)))`,
      [name],
    )
    if (rows[0]) found.push({ name, ...rows[0] })
  }
  return found
}
