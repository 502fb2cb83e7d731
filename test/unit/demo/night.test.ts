import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { planNight } from '../../../scripts/demo/night.ts'
import { drawScreenshot } from '../../../scripts/demo/screenshot.ts'
import { stableId } from '../../../scripts/demo/seeded.ts'

const project = { id: stableId('project'), name: 'demo-shop' }
const plan = (date: string) => planNight({ project, date, madeOn: '2026-03-10' })
const statusOf = (date: string, testId: string) =>
  plan(date).results.find(({ body }) => body.test_id === testId)?.body.result

describe('a night of the demo', () => {
  it('is the same whenever it is planned', () => {
    expect(plan('2026-03-09')).toEqual(plan('2026-03-09'))
  })

  it('has 60 tests of each component, each with an id of its own', () => {
    const { results } = plan('2026-03-09')
    expect(results).toHaveLength(180)
    expect(new Set([...results, ...plan('2026-03-08').results].map(({ body }) => body.id)).size).toBe(360)
    expect(new Set(results.map(({ body }) => body.test_id)).size).toBe(180)
  })

  it('breaks a test three days before the first filling, for good', () => {
    const nights = ['2026-03-06', '2026-03-07', '2026-03-10', '2026-03-20']
    expect(nights.map((date) => statusOf(date, 'TestVoucher.test_happy_path'))).toEqual([
      'passed',
      'failed',
      'failed',
      'failed',
    ])
  })

  it('attaches a traceback to every failure and a screenshot where a browser was driven', () => {
    const broken = plan('2026-03-10').results.find(({ body }) => body.test_id === 'TestVoucher.test_happy_path')
    expect(broken?.files.map(({ filename }) => filename)).toEqual(['traceback.log', 'screenshot.png'])
    for (const { body, files } of plan('2026-03-10').results) {
      expect(files.some(({ filename }) => filename === 'traceback.log')).toBe(/^(failed|error)$/.test(body.result))
    }
  })
})

describe('a screenshot', () => {
  it('is a PNG whose lines have the width and number that its header says', () => {
    const png = drawScreenshot('seed')
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
    const length = png.readUInt32BE(33)
    expect(png.subarray(37, 41).toString()).toBe('IDAT')
    expect(inflateSync(png.subarray(41, 41 + length))).toHaveLength((width * 3 + 1) * height)
  })
})
