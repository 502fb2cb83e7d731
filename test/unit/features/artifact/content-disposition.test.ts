import { describe, expect, it } from 'vitest'
import { attachment } from '../../../../src/features/artifact/content-disposition.ts'

describe('attachment', () => {
  it.each(['log.txt', 'test_a-b.1.png', 'a+b~c.xml', '.hidden', 'x'])('leaves the plain name %s bare', (name) => {
    expect(attachment(name)).toBe(`attachment; filename=${name}`)
  })

  it.each([
    ['my log.txt', `attachment; filename="my log.txt"; filename*=UTF-8''my%20log.txt`],
    ['a;b.txt', `attachment; filename="a;b.txt"; filename*=UTF-8''a%3Bb.txt`],
    ['a"b\\c.txt', `attachment; filename="a_b_c.txt"; filename*=UTF-8''a%22b%5Cc.txt`],
    ['evil"\r\n.html', `attachment; filename="evil___.html"; filename*=UTF-8''evil%22%0D%0A.html`],
    ['né.txt', `attachment; filename="n_.txt"; filename*=UTF-8''n%C3%A9.txt`],
    ['日本😀.txt', `attachment; filename="___.txt"; filename*=UTF-8''%E6%97%A5%E6%9C%AC%F0%9F%98%80.txt`],
    ["it's(1)*.txt", `attachment; filename="it's(1)*.txt"; filename*=UTF-8''it%27s%281%29%2A.txt`],
    ['100%41.txt', `attachment; filename="100_41.txt"; filename*=UTF-8''100%2541.txt`],
    ['../../etc/passwd', `attachment; filename="../../etc/passwd"; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd`],
    ['', `attachment; filename=""; filename*=UTF-8''`],
    ['\ud800x\u0000\u007f', `attachment; filename="_x__"; filename*=UTF-8''%EF%BF%BDx%00%7F`],
  ])('quotes %j', (name, expected) => {
    expect(attachment(name)).toBe(expected)
  })

  it('never leaves ASCII or the line', () => {
    for (let code = 0; code < 0x500; code++) {
      expect(attachment(`a${String.fromCharCode(code)}b`)).toMatch(/^attachment; filename=[\x20-\x7e]+$/)
    }
  })
})
