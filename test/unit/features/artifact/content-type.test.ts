import { describe, expect, it } from 'vitest'
import { sniffContentType, sniffHead } from '../../../../src/features/artifact/content-type.ts'

const TEXT = 'text/plain'
const OCTETS = 'application/octet-stream'
const JSON_TYPE = 'application/json'
const LINES = 'application/x-ndjson'
const PYTHON = 'text/x-script.python'
const SHELL = 'text/x-shellscript'

/** Latin-1: each character is the byte of its code. */
const sniff = (bytes: string) => sniffContentType(Buffer.from(bytes, 'latin1'))
const zeros = (count: number) => '\0'.repeat(count)

/** Every row of the table in contract/imports.md 4.4. */
function each(title: string, rows: [bytes: string, type: string][]): void {
  describe(title, () => {
    it.each(rows.map(([bytes, type]) => [bytes.slice(0, 60), type, bytes] as const))(
      '%j is %s',
      (_head, type, bytes) => {
        expect(sniff(bytes)).toBe(type)
      },
    )
  })
}

each('next to nothing', [
  ['', 'application/x-empty'],
  ['a', OCTETS],
  ['5', OCTETS],
  ['\n', OCTETS],
  ['\0', OCTETS],
  ['\xff', OCTETS],
  ['ab', TEXT],
])

describe('text or not', () => {
  const controls = new Set([...range(0x00, 0x06), ...range(0x0e, 0x1a), ...range(0x1c, 0x1f), 0x7f])

  function range(from: number, to: number): number[] {
    return Array.from({ length: to - from + 1 }, (_, index) => from + index)
  }

  it('is decided by control characters, each byte tried', () => {
    for (let byte = 0; byte < 256; byte++) {
      const expected = controls.has(byte) ? OCTETS : TEXT
      expect(sniff(`hello ${String.fromCharCode(byte)} world`), `byte ${byte}`).toBe(expected)
    }
  })

  it('is decided in the first 64 kB', () => {
    expect(sniff(`${'a'.repeat(65_535)}\0b`)).toBe(OCTETS)
    expect(sniff(`${'a'.repeat(65_536)}\0b`)).toBe(TEXT)
  })
})

each('texts in any encoding', [
  [Buffer.from('Grüße 日本 😀').toString('latin1'), TEXT],
  ['Gr\xfc\xdfe', TEXT],
  ['\xff\xfeh\0i\0', TEXT],
  ['\xfe\xff\0h\0i', TEXT],
  ['\xff\xfeh\0i\0x', TEXT],
  ['\xff\xfe', TEXT],
  ['\xff\xfeh\0\x01\0', OCTETS],
  ['h\0i\0', OCTETS],
  ['\xef\xbb\xbfhello', TEXT],
  ['\x1b[31mred\x1b[0m\n', TEXT],
  ['\0\x01\x02\x03\xfa', OCTETS],
])

each('JSON', [
  ['{"a":1}', JSON_TYPE],
  ['[1,2]', JSON_TYPE],
  ['[]', JSON_TYPE],
  ['{}', JSON_TYPE],
  [' \n\t\r{"a" : [ { } , true , false , null ] , "b":"\\"\\u00e9\\n"}\n', JSON_TYPE],
  ['[1e5,-2E-3,1.5e+7,0.1]', JSON_TYPE],
  ['{"a":"\xe9 \x1b[0m \n"}', JSON_TYPE],
  ['{"log":"<html> From: x, y\\n"}', JSON_TYPE],
  ['[1,2,]', JSON_TYPE],
  ['{"a":1,}', JSON_TYPE],
  ['{"a":[{"b":[]},{}],"c":{}}', JSON_TYPE],
  ['['.repeat(250) + ']'.repeat(250), JSON_TYPE],
  ['['.repeat(600) + ']'.repeat(600), TEXT],
  ['\xef\xbb\xbf{"a":1}', TEXT],
  ['55', TEXT],
  ['"abc"', TEXT],
  ['true', TEXT],
  ['null', TEXT],
  ['{"a":1} x', TEXT],
  ['{"a":1}]', TEXT],
  ['{"a":1', TEXT],
  ['[1', TEXT],
  ['[[', TEXT],
  ['{"a"', TEXT],
  ['{"a":', TEXT],
  ['{"a', TEXT],
  ['{"a\\', TEXT],
  ['[,]', TEXT],
  ['{,}', TEXT],
  ['[1,,2]', TEXT],
  ['[,1]', TEXT],
  ['[1 2]', TEXT],
  ['{"a":1 "b":2}', TEXT],
  ['{"a":}', TEXT],
  ['{"a":,"b":1}', TEXT],
  ['{"a"}', TEXT],
  ['{"a":1]', TEXT],
  ['[1}', TEXT],
  ['{1:2}', TEXT],
  ['{a:1}', TEXT],
  ["{'a':1}", TEXT],
  ['["\\q"]', TEXT],
  ['["\\uZZZZ"]', TEXT],
  ['[+1]', TEXT],
  ['[-]', TEXT],
  ['[1e]', TEXT],
  ['[.]', TEXT],
  ['[NaN]', TEXT],
  ['[tru]', TEXT],
  ['{"a":"\0"}', OCTETS],
  ['{"a":1}\n{"b":2}\n', LINES],
  ['{"a":1}\r\n\r\n[2]', LINES],
  ['{"a":1}\n5\n', TEXT],
])

each('XML', [
  ['<?xml version="1.0"?><testsuite/>', 'text/xml'],
  ["<?xml version='1.0'?>\n<testsuite/>", 'text/xml'],
  ['\xef\xbb\xbf<?xml version="1.0"?><a/>', 'text/xml'],
  [Buffer.from('\uFEFF<?xml version="1.0"?><a/>', 'utf16le').toString('latin1'), 'text/xml'],
  ['<?xml version="1.0"?><html>', 'text/xml'],
  ['<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'],
  ['<svg xmlns="http://www.w3.org/2000/svg"><style>a{}</style></svg>', 'image/svg+xml'],
  ['<svg>', 'image/svg+xml'],
  ['<svgx>', TEXT],
  ['a <svg>', TEXT],
  ['<testsuite><testcase/></testsuite>', TEXT],
  [' <?xml version="1.0"?><a/>', TEXT],
])

each('HTML', [
  ['<html>', 'text/html'],
  ['<HTML lang="en">', 'text/html'],
  ['<head>', 'text/html'],
  ['<title>x', 'text/html'],
  ['<script>alert(1)</script>', 'text/html'],
  ['<script src="x">', 'text/html'],
  ['<style>', 'text/html'],
  ['<a href="x">', 'text/html'],
  ['<A HREF="x">', 'text/html'],
  ['<!doctype html>', 'text/html'],
  ['<!DOCTYPE HTML PUBLIC "x">', 'text/html'],
  ['\n\n <html>', 'text/html'],
  ['\xef\xbb\xbf<html>', 'text/html'],
  ['some text before <html> here', 'text/html'],
  [`${'x'.repeat(4000)}<script>x`, 'text/html'],
  ['<!-- a comment --><html>', 'text/html'],
  [`${'x'.repeat(5000)}<html>`, TEXT],
  ['<!-- a comment -->', TEXT],
  ['<body>', TEXT],
  ['<div>', TEXT],
  ['<h1>', TEXT],
  ['<b>', TEXT],
  ['<header>', TEXT],
  ['<htmlx>', TEXT],
  ['<html>\x01', OCTETS],
])

each('CSV', [
  ['a,b\nc,d\ne,f\n', 'text/csv'],
  ['a,b\r\nc,d\r\ne,f\r\n', 'text/csv'],
  ['Hello, world\nThis, too\nAnd, so\n', 'text/csv'],
  ['"a,x",b\n"c\nd",e\n"f""g",h\n', 'text/csv'],
  ['a,b\nc,d\ne,f\ng', 'text/csv'],
  ['a,b\nc,d\ne,f\n"g', 'text/csv'],
  [`${'a,b\n'.repeat(10)}c\n`, 'text/csv'],
  [`${'a,b\n'.repeat(9)}c\n`, TEXT],
  ['a,b\nc,d\n', TEXT],
  ['a,b\nc,d\ne,f', TEXT],
  ['a,b\nc,d\ne,f,g\n', TEXT],
  ['a,b\n\nc,d\ne,f\n', TEXT],
  ['"a,b\nc,d\ne,f\n', TEXT],
  ['a\nb\nc\n', TEXT],
  ['a;b\nc;d\ne;f\n', TEXT],
  ['a\tb\nc\td\ne\tf\n', TEXT],
])

each('scripts and code', [
  ['#!/bin/sh\n', SHELL],
  ['#! /bin/bash -e\n', SHELL],
  ['#!/usr/bin/env zsh\n', SHELL],
  ['#!/usr/bin/env python3\n', PYTHON],
  ['#!/usr/bin/python3.11\n', PYTHON],
  ['def f(x):\n    pass\n', PYTHON],
  ['    def test_x():\n>       assert 1 == 2\nE       assert 1 == 2\n', PYTHON],
  ['class A:\n    pass\n', PYTHON],
  ['x = 1\nfrom a.b import c\n', PYTHON],
  [`${'x\n'.repeat(5000)}def f(x):\n`, TEXT],
  ['he said def f(x): is fine\n', TEXT],
  ['class A: the first\n', TEXT],
  ['import os\n', TEXT],
  ['#!/usr/bin/env node\n', 'application/javascript'],
  ['#!/usr/bin/perl -w\n', 'text/x-perl'],
  ['#!/foo/bar\n', TEXT],
  ['<?php echo 1;', 'text/x-php'],
  ['@echo off\r\n', 'text/x-msdos-batch'],
  ['@ECHO OFF\r\n', 'text/x-msdos-batch'],
  ['// x\n#include <stdio.h>\n', 'text/x-c'],
  ['struct x {\n int a;\n};\n', 'text/x-c'],
  ['struct x\n{\n', 'text/x-c'],
  ['--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n', 'text/x-diff'],
  ['text\n--- a\n+++ b\n@@ -1 +1 @@\n', 'text/x-diff'],
  ['diff --git a/x b/x\n', 'text/x-diff'],
  ['Index: x\n===\n', 'text/x-diff'],
  ['---\na: 1\n', TEXT],
  ['From: a@b.c\nTo: x\n\nbody\n', 'message/rfc822'],
  ['Received: from x\n', 'message/rfc822'],
  ['Date: Mon, 1 Jan 2024\n', 'message/rfc822'],
  ['text\nFrom: x\n', TEXT],
  ['WEBVTT\n\n00:01.000 --> 00:04.000\nhi\n', 'text/vtt'],
  ['WEBVTTx\n', TEXT],
  ['{\\rtf1\\ansi x}', 'text/rtf'],
])

each('other texts', [
  ['Traceback (most recent call last):\n  File "x.py", line 1, in f\n    g()\nValueError: x\n', TEXT],
  ['a: 1\nb:\n  - c\n', TEXT],
  ['# Title\n\ntext *b*\n', TEXT],
  ['body { color: red }\n', TEXT],
  ['const x = 1;\nfunction f() {}\n', TEXT],
  ['-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n', TEXT],
  ['[a]\nb=1\n', TEXT],
  ['2024-01-01 12:00:00 INFO started\n', TEXT],
  ['BMW is a car maker, and more text follows\n', TEXT],
  ['RIFFraff', TEXT],
])

const bmp = (headerSize: number) => `BM\x7a\0\0\0${zeros(4)}\x36\0\0\0${String.fromCharCode(headerSize)}${zeros(60)}`
const ebml = (name: string) =>
  `\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82${String.fromCharCode(0x80 + name.length)}${name}B\x87`
const ftyp = (brand: string) => `\0\0\0\x18ftyp${brand}\0\0\0\0isom`
const riff = (kind: string) => `RIFF\x24\0\0\0${kind}fmt `

each('pictures, film and sound', [
  ['\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0', 'image/png'],
  ['\x89PNG\r\n\x1a\n', OCTETS],
  ['\xff\xd8\xff\xe0\0\x10JFIF', 'image/jpeg'],
  ['\xff\xd8\xff\xe0', 'image/jpeg'],
  ['\xff\xd8\xff', TEXT],
  ['GIF89a\x01\0\x01\0', 'image/gif'],
  ['GIF87a\x01\0\x01\0', 'image/gif'],
  [riff('WEBP'), 'image/webp'],
  [riff('WAVE'), 'audio/x-wav'],
  [riff('AVI '), 'video/x-msvideo'],
  [riff('XXXX'), OCTETS],
  [bmp(40), 'image/bmp'],
  [bmp(124), 'image/bmp'],
  [bmp(99), OCTETS],
  ['II*\0\x08\0\0\0', 'image/tiff'],
  ['MM\0*\0\0\0\x08', 'image/tiff'],
  [ftyp('isom'), 'video/mp4'],
  [ftyp('mp42'), 'video/mp4'],
  [ftyp('qt  '), 'video/quicktime'],
  [ftyp('xxxx'), OCTETS],
  [ebml('webm'), 'video/webm'],
  [ebml('matroska'), 'video/x-matroska'],
  [ebml('other'), OCTETS],
  ['\xff\xfb\x90\0\0', 'audio/mpeg'],
  ['\xff\xfb\xf0\0\0', OCTETS],
])

function tar(magic: string): string {
  const header = Buffer.alloc(512)
  header.write('a.txt')
  header.write('0000644\0', 100)
  header.write(magic, 257, 'latin1')
  header.write('        ', 148)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header.toString('latin1')
}

each('containers', [
  ['%PDF-1.7\n%\xe2\xe3', 'application/pdf'],
  ['\n\n%PDF-1.4\n', 'application/pdf'],
  [`${'x'.repeat(300)}%PDF-1.4\n`, TEXT],
  ['\x1f\x8b\x08\0\0\0\0\0', 'application/gzip'],
  ['PK\x03\x04\x14\0\0\0\x08\0', 'application/zip'],
  [`PK\x05\x06${zeros(18)}`, 'application/zip'],
  [tar('ustar\x0000'), 'application/x-tar'],
  [tar('ustar  \0'), 'application/x-tar'],
  [tar(''), 'application/x-tar'],
  [tar('').replace('a.txt', 'b.txt'), OCTETS],
  ['BZh91AY&SY', 'application/x-bzip2'],
  ['\xfd7zXZ\0\0\x04', 'application/x-xz'],
  ['7z\xbc\xaf\x27\x1c\0\x04', 'application/x-7z-compressed'],
  ['\x28\xb5\x2f\xfd\x04\x58', 'application/zstd'],
  ['\0asm\x01\0\0\0', 'application/wasm'],
  ['SQLite format 3\0\x10\0', 'application/vnd.sqlite3'],
  [`\x7fELF\x02\x01\x01${zeros(9)}\x04\0\x3e\0`, 'application/x-coredump'],
])

describe('by the head of a longer content', () => {
  const LENGTH = 70_000
  const fill = (line: string, length: number) => line.repeat(Math.ceil(length / line.length)).slice(0, length)

  it.each([
    ['a log', fill('a line of a log\n', LENGTH), TEXT],
    ['bytes', fill('\x01\x02', LENGTH), OCTETS],
    ['a PNG', `\x89PNG\r\n\x1a\n\0\0\0\rIHDR${fill('\0', LENGTH)}`, 'image/png'],
    ['UTF-16', `\xff\xfe${fill('{\0', LENGTH)}`, TEXT],
    ['a table', fill('1,2\n', LENGTH), 'text/csv'],
    ['lines that are no table', fill('1,2\n1\n', LENGTH), TEXT],
    ['a page', `<html>\n${fill('text\n', LENGTH)}`, 'text/html'],
  ])('%s is found, whatever follows', (_, head, type) => {
    expect(sniffHead(Buffer.from(head, 'latin1'))).toBe(type)
    for (const rest of ['', '\n1\n', '\0\0', '{}', fill('a,b,c\n', LENGTH)]) expect(sniff(head + rest)).toBe(type)
  })

  it.each([
    ['a list', fill('[', LENGTH)],
    ['an object behind blanks', `${fill(' ', LENGTH - 1)}{`],
    ['blanks', fill(' ', LENGTH)],
    ['three lines of a table', `${fill('1,', LENGTH)}\n`.repeat(3)],
    ['one line', fill('1,', LENGTH)],
  ])('%s may become anything', (_, head) => {
    expect(sniffHead(Buffer.from(head, 'latin1'))).toBeNull()
  })
})

describe('cost', () => {
  /** Milliseconds of the best of three tries; the machine may be busy. */
  function best(content: Buffer): number {
    return Math.min(
      ...[1, 2, 3].map(() => {
        const start = performance.now()
        sniffContentType(content)
        return performance.now() - start
      }),
    )
  }

  it.each([
    '{',
    '[',
    '"',
    '<',
    '<a',
    'a,',
    '\n',
    'try:\n',
    '--- a\n',
    'From: ',
    ' ',
    '[0,',
    '<?xml',
    '<!doctype ',
    'def f(',
    '{"a":',
  ])('stays low for 5 MB of %j', (unit) => {
    expect(best(Buffer.alloc(5_242_880, unit))).toBeLessThan(100)
  })
})
