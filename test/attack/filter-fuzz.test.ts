import sql, { raw } from 'sql-template-tag'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApiError } from '../../src/errors.ts'
import { compileFilters } from '../../src/filters/compile-filter.ts'
import { parseFilters } from '../../src/filters/grammar.ts'
import { tables } from '../../src/filters/tables.ts'
import { withFilterErrors } from '../../src/pages/list-rows.ts'
import { widgetTypes } from '../../src/widgets/widget-types.ts'
import { startTestServer, type TestServer } from '../helpers/server.ts'
import { insertRows, insertSampleRows, projectId } from '../integration/filters/sample-rows.ts'
import { createRandom } from '../process/helpers/seeded-random.ts'
import { createFilterGrammar, type TableName } from './helpers/filter-grammar.ts'
import { findLeak } from './helpers/leaks.ts'
import { inForm, report, seed } from './helpers/long-form.ts'

const COMPILED = inForm(2_500, 90_000)
const SENT = inForm(500, 10_000)
const LISTS: Readonly<Record<TableName, string>> = {
  runs: '/api/run',
  results: '/api/result',
  projects: '/api/project',
  dashboards: '/api/dashboard',
  widget_configs: '/api/widget-config',
  imports: '/api/import',
  users: '/api/admin/user',
}
const names = Object.keys(tables) as TableName[]

let server: TestServer

beforeAll(async () => {
  // A short limit, so that the patterns that explode cost little; the 400 is the same.
  server = await startTestServer({ STATEMENT_TIMEOUT: '2' })
  const { db } = server.ctx
  await insertSampleRows(db)
  const id = 'd0000000-0000-4000-8000-000000000001'
  await insertRows(db, 'imports', [{ id, created: '2024-01-01', data: { metadata: null } }])
  await insertRows(db, 'dashboards', [{ id, title: 't', project_id: projectId }])
  await insertRows(db, 'widget_configs', [{ id, weight: 1, navigable: true, params: [] }])
  const odd = ['[]', '"x"', 'null', '{"tests":1e400,"failures":"1e5"}', '{"tags":{},"count":1e400,"toString":[[]]}']
  for (const [index, json] of odd.entries()) {
    await db.query(sql`insert into runs (id, project_id, start_time, created, data, summary) values
      (${`d0000000-0000-4000-8000-00000000010${index}`}::uuid, ${projectId}::uuid, now(), now(), ${json}::jsonb, ${json}::jsonb)`)
  }
})
afterAll(() => server.close())

/** What the tables that an injection would aim at hold. */
const countRows = async () =>
  (
    await server.ctx.db.query(
      sql`select (select count(*) from results) as results, (select count(*) from users) as users, (select md5(string_agg(_password, '')) from users) as passwords`,
    )
  ).rows[0]

describe('filters of every kind', { timeout: 1_800_000 }, () => {
  it('are compiled to statements that the database runs, or refused as the caller’s', async () => {
    const grammar = createFilterGrammar(createRandom(seed))
    const random = createRandom(seed + 1)
    const before = await countRows()
    const outcomes = { rows: 0, refused: 0 }
    for (let round = 0; round < COMPILED; round++) {
      const name = random.pick(names)
      const texts = Array.from({ length: random.between(1, 2) }, () => grammar.filter(name))
      const outcome = await ask(name, texts)
      if (outcome instanceof Error) {
        throw new Error(`seed ${seed}, ${name}: ${JSON.stringify(texts)}`, { cause: outcome })
      }
      outcomes[outcome]++
    }
    report('filters compiled and run', outcomes)
    expect(await countRows()).toEqual(before)
    // Neither all refused nor all accepted: the grammar reaches both.
    expect(outcomes.rows).toBeGreaterThan(COMPILED / 4)
    expect(outcomes.refused).toBeGreaterThan(COMPILED / 10)
  })

  it('never get a 5xx, nor words of the database, from lists and widgets', async () => {
    const grammar = createFilterGrammar(createRandom(seed + 2))
    const random = createRandom(seed + 3)
    const before = await countRows()
    const statuses: Record<number, number> = {}
    for (let round = 0; round < SENT; round++) {
      const { path, query } = random.next() < 0.5 ? listRequest() : widgetRequest()
      const sent = query.map(([, value]) => value)
      const answer = await server.send('GET', path, { query })
      const about = `seed ${seed}: GET ${path} ${JSON.stringify(query)} → ${answer.status} ${answer.text.slice(0, 300)}`
      if (answer.status >= 500) throw new Error(about)
      if (answer.status >= 400 && findLeak(answer.text, sent))
        throw new Error(`${findLeak(answer.text, sent)} in ${about}`)
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
    }
    report('filters sent', statuses)
    expect(await countRows()).toEqual(before)
    expect(statuses[200] ?? 0).toBeGreaterThan(SENT / 10)
    expect(statuses[400] ?? 0).toBeGreaterThan(SENT / 10)

    function listRequest() {
      const name = random.pick(names)
      const more = ['sort', 'order', 'page', 'pageSize', 'ownerId', 'project_id', 'estimate', 'fields', 'limit']
      const query: [string, string][] = [['filter', grammar.filter(name)]]
      if (random.next() < 0.5) query.push([random.pick(more), grammar.parameter()])
      return { path: LISTS[name], query }
    }

    function widgetRequest() {
      const type = random.pick(widgetTypes)
      const query = type.params.map(({ name }): [string, string] => {
        const sane = random.next() < 0.75
        if (/filter/.test(name)) return [name, grammar.filter(random.pick(['runs', 'results']))]
        if (name === 'group_field')
          return [name, sane ? random.pick(['result', 'env', 'metadata.a.b']) : grammar.parameter()]
        return [name, sane ? String(random.between(1, 9)) : grammar.parameter()]
      })
      return { path: `/api/widget/${type.id}`, query: query.filter(() => random.next() < 0.85) }
    }
  })
})

async function ask(name: TableName, texts: readonly string[]): Promise<'rows' | 'refused' | Error> {
  const filters = parseFilters(texts)
  try {
    const where = compileFilters(tables[name], filters)
    await withFilterErrors(filters, () => server.ctx.db.query(sql`select count(*) from ${raw(name)} where ${where}`))
    return 'rows'
  } catch (error) {
    if (error instanceof ApiError && error.row.status === 400 && !findLeak(error.message, texts)) return 'refused'
    return error as Error
  }
}
