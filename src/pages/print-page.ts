import type { Pagination } from './page.ts'

/**
 * The JSON text of a list in pieces, one for each slice of its rows: the same text that the generated serializer makes
 * of a whole list. `name` is the list's property.
 */
export async function* printPage<R>(
  name: string,
  slices: AsyncIterable<readonly R[]>,
  print: (row: R) => string,
  pagination: Pagination,
): AsyncGenerator<string> {
  let before = `{"${name}":[`
  for await (const rows of slices) {
    if (rows.length === 0) continue
    yield before + rows.map(print).join(',')
    before = ','
  }
  yield `${before === ',' ? '' : before}],"pagination":${JSON.stringify(pagination)}}`
}
