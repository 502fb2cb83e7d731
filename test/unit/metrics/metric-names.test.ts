import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type MetricRow, metricTable } from '../../../src/metrics/metric-table.ts'

const read = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8')

interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly datasource?: { readonly uid: string }
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[]
}
interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string; readonly description: string }
}

let panels: readonly Panel[]
let rules: readonly Rule[]
beforeAll(async () => {
  panels = JSON.parse(await read('deploy/grafana/ibutsu.json')).panels
  rules = parse(await read('deploy/alerts/ibutsu.rules.yaml')).groups.flatMap((group: { rules: Rule[] }) => group.rules)
})

const rows: Readonly<Record<string, MetricRow>> = metricTable

/** What is wrong with a PromQL expression: unknown metrics, labels that a metric does not have, open brackets. */
function faults(expr: string): string[] {
  const found: string[] = []
  for (const match of expr.matchAll(/\b(ibutsu_\w+)(?:\{([^}]*)\})?/g)) {
    const [, name = '', selector = ''] = match
    const { index } = match
    const row = rows[name] ?? histogramRow(name)
    if (!row) found.push(`${name} is no metric`)
    for (const [, label = ''] of selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)) {
      if (row && ![...row.labels, 'instance', 'le'].includes(label)) found.push(`${name} has no label ${label}`)
    }
    if (row?.type === 'counter' && !/(rate|increase)\($/.test(expr.slice(0, index))) {
      found.push(`${name} is a counter without rate or increase`)
    }
  }
  for (const [open, close] of ['()', '{}', '[]']) {
    if (expr.split(open ?? '').length !== expr.split(close ?? '').length) found.push(`${open}${close} do not match`)
  }
  if (!expr.includes('ibutsu_')) found.push('it names no metric')
  return found
}

function histogramRow(name: string): MetricRow | undefined {
  const base = rows[name.replace(/_(bucket|sum|count)$/, '')]
  return base?.type === 'histogram' ? base : undefined
}

describe('faults', () => {
  it('finds what it should', () => {
    expect(faults('sum(ibutsu_nothing)')).toEqual(['ibutsu_nothing is no metric'])
    expect(faults('ibutsu_workers{color="red"}')).toEqual(['ibutsu_workers has no label color'])
    expect(faults('ibutsu_workers_bucket')).toEqual(['ibutsu_workers_bucket is no metric'])
    expect(faults('sum(ibutsu_http_requests_total)')).toHaveLength(1)
    expect(faults('sum(ibutsu_workers')).toEqual(['() do not match'])
    expect(faults('rate(ibutsu_http_request_duration_seconds_bucket{le="1"}[5m])')).toEqual([])
  })
})

describe('the dashboard', () => {
  it('asks for metrics that exist', () => {
    const exprs = panels.flatMap((panel) => panel.targets ?? []).map(({ expr }) => expr)
    expect(exprs.length).toBeGreaterThan(20)
    expect(exprs.flatMap((expr) => faults(expr).map((fault) => `${fault}: ${expr}`))).toEqual([])
  })

  it('shows every metric that changes', () => {
    const text = JSON.stringify(panels)
    const shown = Object.keys(metricTable).filter((name) => name !== 'ibutsu_process_start_time_seconds')
    expect(shown.filter((name) => !text.includes(name))).toEqual([])
  })

  it('has panels with own ids that do not cover each other', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true)
    const drawn = panels.filter(({ type }) => type !== 'row')
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own placeholder
    expect(drawn.every((panel) => panel.datasource?.uid === '${datasource}')).toBe(true)
  })
})

describe('the alert rules', () => {
  it('ask for metrics that exist', () => {
    expect(rules.length).toBeGreaterThan(5)
    expect(rules.flatMap((rule) => faults(rule.expr).map((fault) => `${rule.alert}: ${fault}`))).toEqual([])
  })

  it('say how urgent they are and what it means', () => {
    expect(new Set(rules.map((rule) => rule.alert)).size).toBe(rules.length)
    for (const rule of rules) {
      expect(['page', 'ticket']).toContain(rule.labels.severity)
      expect(rule.annotations.summary).toMatch(/\w/)
      expect(rule.annotations.description).toMatch(/\w/)
    }
  })
})

describe('docs/observability.md', () => {
  it('lists the metrics of the table, and no others', async () => {
    const text = await read('docs/observability.md')
    const listed = text.split('\n').filter((line) => line.startsWith('| `ibutsu_'))
    const wanted = Object.entries(rows).map(([name, { type, labels, help }]) => {
      const names = labels.map((label) => `\`${label}\``).join(', ')
      return `| \`${name}\` | ${type} | ${names} | ${help} |`
    })
    expect(listed).toEqual(wanted)
  })

  it('lists the alerts', async () => {
    const text = await read('docs/observability.md')
    expect(rules.filter(({ alert }) => !text.includes(`| \`${alert}\` |`))).toEqual([])
  })
})
