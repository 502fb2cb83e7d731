/** Rules about lines of code look that far, the others half as far. */
const CODE_WINDOW = 8192
const MARKUP_WINDOW = 4096

/** What texts are, the first rule that fits. The patterns see Latin-1, at most a window's length of it. */
const TEXT_RULES: readonly (readonly [type: string, window: number, pattern: RegExp])[] = [
  ['image/svg+xml', MARKUP_WINDOW, /^(?:<\?xml[\s\S]*?)?<svg[\s/>]/],
  ['text/xml', MARKUP_WINDOW, /^<\?xm/i],
  ['text/x-php', MARKUP_WINDOW, /^<\?php\b/i],
  ['text/rtf', MARKUP_WINDOW, /^\{\\rtf/],
  ['text/vtt', MARKUP_WINDOW, /^WEBVTT(?:\s|$)/],
  ['application/postscript', MARKUP_WINDOW, /^%!/],
  // The name of the interpreter may have a version: python3.11.
  ['text/x-script.python', MARKUP_WINDOW, interpreter('python')],
  ['application/javascript', MARKUP_WINDOW, interpreter('node(?:js)?')],
  ['text/x-perl', MARKUP_WINDOW, interpreter('perl')],
  ['text/x-ruby', MARKUP_WINDOW, interpreter('ruby')],
  ['text/x-php', MARKUP_WINDOW, interpreter('php')],
  ['text/x-lua', MARKUP_WINDOW, interpreter('lua')],
  ['text/x-awk', MARKUP_WINDOW, interpreter('[gmn]?awk')],
  ['text/x-tcl', MARKUP_WINDOW, interpreter('(?:wish|tclsh)')],
  ['text/x-shellscript', MARKUP_WINDOW, interpreter('\\w*sh')],
  ['text/x-msdos-batch', MARKUP_WINDOW, /^@echo off\b/i],
  ['message/rfc822', MARKUP_WINDOW, /^(?:From|Received|Date|Return-Path|Delivered-To|Relay-Version):/],
  ['message/news', MARKUP_WINDOW, /^(?:Xref:|Path:|Article )/],
  ['text/x-diff', MARKUP_WINDOW, /^(?:diff |Index:|Only in |\*\*\* .*\n--- )/],
  ['text/x-diff', MARKUP_WINDOW, /^--- .*\n\+\+\+ .*\n@@/m],
  ['text/html', MARKUP_WINDOW, /<(?:!doctype\s+html|html|head|title|script|style|table|a\s+href=)(?:[\s>]|(?<==))/i],
  ['text/x-c', CODE_WINDOW, /^#(?:include|pragma|ifndef)\b/m],
  ['text/x-c', CODE_WINDOW, /^(?:struct|union)\s+\w+\s*\{|^extern\s+\w+\s+\w+|^int\s+main\s*\(/m],
  ['text/x-c++', CODE_WINDOW, /^namespace\s+\w+\s*\{|^template\s*<|^class\s+\w+\s*\{/m],
  ['text/x-script.python', CODE_WINDOW, /^[ \t]{0,40}def[ \t]+\w+\([\w, \t]*\):/m],
  ['text/x-script.python', CODE_WINDOW, /^class[ \t]+\w+(?:\([\w., ]*\))?:\r?$/m],
  ['text/x-script.python', CODE_WINDOW, /^from[ \t]+[\w.]+[ \t]+import[ \t]/m],
]

function interpreter(name: string): RegExp {
  return new RegExp(`^#![ \\t]*/(?:[\\w.-]+/){0,4}bin/(?:env[ \\t]+)?${name}[\\d.]*(?:\\s|$)`)
}

/** The type of a text by its head, null when nothing stands out. */
export function sniffText(head: string): string | null {
  for (const [type, window, pattern] of TEXT_RULES) {
    if (pattern.test(head.slice(0, window))) return type
  }
  return null
}

const MIN_LINES = 3
/** The lines after these are not compared any more. */
const MAX_LINES = 10

/**
 * At least three terminated lines with the same number of commas, one or more; quoted texts may hold commas and line
 * ends. An unfinished last line does not count.
 */
export function isCsv(content: Buffer): boolean {
  const { lines, broken } = compareLines(content)
  return !broken && lines >= MIN_LINES
}

/** Whether what follows this head can't change what `isCsv` says. */
export function isCsvDecided(head: Buffer): boolean {
  const { lines, broken } = compareLines(head)
  return broken || lines === MAX_LINES
}

/** How many lines have as many commas as the first, until one has not (`broken`) or there are enough. */
function compareLines(content: Buffer): { lines: number; broken: boolean } {
  let lines = 0
  let expected = 0
  let commas = 0
  let quoted = false
  for (let at = 0; at < content.length; at++) {
    const byte = content[at]
    if (byte === 0x22) quoted = !quoted
    else if (quoted) continue
    else if (byte === 0x2c) commas++
    else if (byte === 0x0a) {
      if (lines === 0) expected = commas
      if (commas === 0 || commas !== expected) return { lines, broken: true }
      lines++
      if (lines === MAX_LINES) break
      commas = 0
    }
  }
  return { lines, broken: false }
}
