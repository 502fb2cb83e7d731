import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import sql, { raw } from 'sql-template-tag'
import type { OperationHandlers } from '../../../generated/handlers.ts'
import type { Extras } from '../../access/access-table.ts'
import type { AppContext } from '../../context.ts'
import { compileFilters } from '../../filters/compile-filter.ts'
import { parseFilters } from '../../filters/grammar.ts'
import { tables } from '../../filters/tables.ts'
import { listRows } from '../../pages/list-rows.ts'
import { pageOf, paginationOf } from '../../pages/page.ts'
import { toImport } from './import-mapper.ts'
import { acceptImport } from './import-service.ts'
import { type ImportRow, importColumns, importsWithin } from './import-sql.ts'

type Handlers = Pick<OperationHandlers<AppContext, Extras>, 'getImportList' | 'addImport' | 'getImport'>

export const importHandlers: Handlers = {
  async getImportList(ctx, { query, caller, subject: scope }) {
    const page = pageOf(query)
    const filters = parseFilters(query.filter ?? [])
    const { rows, totalItems } = await listRows<ImportRow>(ctx.db, {
      columns: importColumns,
      from: raw('imports'),
      where: sql`${importsWithin(scope, caller.id)} and ${compileFilters(tables.imports, filters)}`,
      orderBy: raw('created desc, id'),
      page,
      filters,
    })
    return { status: 200, body: { imports: rows.map(toImport), pagination: paginationOf(page, totalItems) } }
  },

  // Whose project it goes into stands in the form, perhaps behind the file, so the service asks while it reads.
  async addImport(ctx, { body: stream, caller }) {
    return { status: 201, body: toImport(await acceptImport(ctx, caller, { stream, headers: headersOf(stream) })) }
  },

  async getImport(_ctx, { subject: found }) {
    return { status: 200, body: toImport(found) }
  },
}

/** A streamed body is node's own request, which brings its headers along. */
function headersOf(stream: Readable): IncomingHttpHeaders {
  return 'headers' in stream ? (stream.headers as IncomingHttpHeaders) : {}
}
