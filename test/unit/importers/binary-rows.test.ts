import { describe, expect, it } from 'vitest'
import { BinaryRows } from '../../../src/importers/binary-rows.ts'

const HEAD = '5047434f50590aff0d0a00'.padEnd(38, '0')

describe('BinaryRows', () => {
  it('writes each kind of column', () => {
    const rows = new BinaryRows()
    expect(rows.isEmpty).toBe(true)
    rows.row(8)
    rows.int(7)
    rows.float(1.5)
    rows.float(null)
    rows.uuid('00000000-0000-4000-8000-0000000000a1')
    rows.uuid(null)
    rows.text('ü')
    rows.json('{}')
    rows.bytes(Buffer.from([1, 2]))
    expect(rows.isEmpty).toBe(false)
    expect(rows.take().toString('hex')).toBe(
      [
        HEAD,
        '0008',
        '00000004' + '00000007',
        '00000008' + '3ff8000000000000',
        'ffffffff',
        '00000010' + '000000000000400080000000000000a1',
        'ffffffff',
        '00000002' + 'c3bc',
        '00000003' + '017b7d',
        '00000002' + '0102',
        'ffff',
      ].join(''),
    )
    expect(rows.isEmpty).toBe(true)
  })

  it.each([
    ['2000-01-01 00:00:00', 0n],
    ['2000-01-01T00:00:01.5', 1_500_000n],
    ['1999-12-31 23:59:59.999999', -1n],
    ['0001-01-01T00:00:00', -63_082_281_600_000_000n],
    ['9999-12-31T23:59:59.000001', 252_455_615_999_000_001n],
  ])('writes %s in microseconds since 2000', (text, micros) => {
    const rows = new BinaryRows()
    rows.row(1)
    rows.timestamp(text)
    expect(rows.take().readBigInt64BE(HEAD.length / 2 + 6)).toBe(micros)
  })

  it('grows for long texts, and starts anew in what it is given back', () => {
    const rows = new BinaryRows()
    const text = 'x'.repeat(500_000)
    rows.row(1)
    rows.text(text)
    const first = rows.take()
    expect(first.toString('latin1').includes(text)).toBe(true)
    rows.giveBack(first)
    rows.row(1)
    rows.text('second')
    const second = rows.take()
    expect(second.length).toBeLessThan(40)
    rows.row(1)
    rows.text('third')
    const third = rows.take()
    expect(third.buffer).toBe(first.buffer)
    expect(second.toString('latin1')).toContain('second')
  })
})
