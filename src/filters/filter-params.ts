import type { RawJson } from '../json/raw-json.ts'

/**
 * The names that `/project/filter-params/{id}` lists: the columns of one result, its objects flattened with dots
 * (`data.jenkins.job_name`). An empty object gives no name, null and lists give their own (filters.md 6).
 * @param columns the row's columns that hold no JSON, by name; only names count
 * @param json the row's jsonb columns by name (`data`, `params`), null where the column is NULL
 */
export function listFilterParams(columns: readonly string[], json: Readonly<Record<string, RawJson | null>>): string[] {
  const names = [...columns]
  // A stack of its own: metadata may be deeper than the engine's.
  const left: [name: string, value: unknown][] = Object.entries(json).map(([name, text]) => [
    name,
    text === null ? null : JSON.parse(text),
  ])
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [name, value] = next
    if (typeof value !== 'object' || value === null || Array.isArray(value)) names.push(name)
    else for (const [key, inner] of Object.entries(value)) left.push([`${name}.${key}`, inner])
  }
  return names
}
