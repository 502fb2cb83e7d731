import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../src/errors.ts'
import { readParams } from '../../../src/widgets/params.ts'
import { widgets } from '../../../src/widgets/registry.ts'
import { findWidgetType, widgetTypes } from '../../../src/widgets/widget-types.ts'

const read = (widget: string, query: string) => {
  const type = findWidgetType(widget)
  if (!type) throw new Error(widget)
  return readParams(type, new URLSearchParams(query))
}
const refusal = (widget: string, query: string) => {
  try {
    read(widget, query)
  } catch (error) {
    if (error instanceof ApiError) return `${error.row.status} ${error.message}`
    throw error
  }
  return null
}

describe('the registry', () => {
  it('has the types of the list, and each can be asked for what it demands', () => {
    expect(Object.keys(widgets).sort()).toEqual(widgetTypes.map(({ id }) => id).sort())
    for (const { id, params } of widgetTypes) {
      const declared = params.map(({ name }) => name)
      expect(declared).toEqual(expect.arrayContaining([...(widgets[id as keyof typeof widgets]?.mandatory ?? [])]))
    }
  })
})

describe('readParams', () => {
  it.each([
    ['5', 5],
    [' +05 ', 5],
    ['-3', -3],
    ['1_000', 1000],
  ])('reads the integer %j', (text, value) => {
    expect(read('jenkins-heatmap', new URLSearchParams({ builds: text }).toString()).integer('builds')).toBe(value)
  })

  it.each(['x', '', '1.0', '1e1', '1__0', '_1', '99999999999999999999'])('refuses the integer %j', (text) => {
    expect(refusal('jenkins-heatmap', `builds=${text}`)).toMatch(
      /^400 Parameter error for widget 'jenkins-heatmap': builds must be a whole number/,
    )
  })

  it.each([
    ['1.5', 1.5],
    ['1e2', 100],
    ['inf', Number.POSITIVE_INFINITY],
    ['nan', Number.NaN],
  ])('reads the number %j', (text, value) => {
    expect(read('result-aggregator', `days=${text}`).number('days')).toBe(value)
  })

  it.each([
    ['true', true],
    ['Yes', true],
    ['1', true],
    ['false', false],
    ['on', false],
  ])('reads the flag %j', (text, value) => {
    expect(read('result-aggregator', `for_filter=${text}`).flag('for_filter')).toBe(value)
  })

  it('refuses an empty flag and an empty number', () => {
    expect(refusal('result-aggregator', 'for_filter=')).toMatch(/^400 .*for_filter must be true or false/)
    expect(refusal('result-aggregator', 'days=')).toMatch(/^400 .*days must be a number/)
  })

  it('takes the first value of a scalar and every value of a list, commas untouched', () => {
    expect(read('run-aggregator', 'weeks=1&weeks=2').integer('weeks')).toBe(1)
    expect(
      read('compare-runs-view', 'additional_filters=a=1,b=2&additional_filters=c=3').list('additional_filters'),
    ).toEqual(['a=1,b=2', 'c=3'])
  })

  it('knows older names, which replace the new ones', () => {
    const query = 'job_name=new&jenkins_job_name=old'
    expect(read('jenkins-heatmap', query).text('job_name')).toBe('old')
    expect(read('jenkins-job-view', 'additional_filters=a=1&filter=b=2').list('additional_filters')).toEqual(['b=2'])
    expect(read('compare-runs-view', 'filters=a=1').list('additional_filters')).toEqual(['a=1'])
  })

  it.each([
    ['filter-heatmap', 'filters=a=1', "400 Invalid parameters for widget 'filter-heatmap': filters"],
    ['result-summary', 'filter=a=1', "400 Invalid parameters for widget 'result-summary': filter_"],
    ['result-summary', 'x=1&y=2', "400 Invalid parameters for widget 'result-summary': x, y"],
    ['run-aggregator', '__proto__=1', "400 Invalid parameters for widget 'run-aggregator': __proto__"],
  ])('refuses of %s %s', (widget, query, message) => {
    expect(refusal(widget, query)).toBe(message)
  })
})
