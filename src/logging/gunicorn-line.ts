/** gunicorn's names of pino's levels. */
const LEVELS: Readonly<Record<number, string>> = {
  10: 'DEBUG',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARNING',
  50: 'ERROR',
  60: 'CRITICAL',
}

interface LoggedError {
  readonly message?: unknown
  readonly stack?: unknown
  readonly code?: unknown
}

/**
 * Turns a JSON line of pino into gunicorn's form: `[2025-12-10 10:15:23 +0000] [1234] [WARNING] text key=value`. Stacks
 * follow on lines of their own; nothing else can begin a line, whatever a client has sent.
 */
export function gunicornLine(line: string, pid: number): string {
  const { level, time, msg, err, stack, ...fields } = JSON.parse(line) as Record<string, unknown>
  const head = `[${gunicornTime(String(time))}] [${pid}] [${LEVELS[Number(level)] ?? 'INFO'}]`
  const error = typeof err === 'object' && err !== null ? (err as LoggedError) : undefined
  const words = [
    ...(msg === undefined ? [] : [escapeControls(String(msg))]),
    ...pairs(fields),
    ...(error ? pairs({ error: error.message, code: error.code }) : []),
  ]
  const stacks = [error?.stack, stack].filter((text) => typeof text === 'string' && text !== '')
  return `${[`${head} ${words.join(' ')}`, ...stacks.flatMap((text) => indented(String(text)))].join('\n')}\n`
}

/** `2025-12-10T10:15:23.123Z` → `2025-12-10 10:15:23 +0000`. */
const gunicornTime = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 19)} +0000`

const pairs = (fields: Readonly<Record<string, unknown>>) =>
  Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${valueText(value)}`]))

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return typeof value === 'string' && /[\s"=\p{Cc}]|^$/u.test(text) ? JSON.stringify(text) : text
}

/** Keeps a text on its line. */
export const escapeControls = (text: string): string =>
  text.replace(/[\p{Cc}\u2028\u2029]/gu, (letter) =>
    JSON.stringify(letter)
      .slice(1, -1)
      .replace(/^([\x7f-\x9f\u2028\u2029])$/u, '?'),
  )

/** A stack's lines, each behind blanks so that none looks like the head of a line. */
const indented = (stack: string) => stack.split(/\r?\n/).map((text) => `  ${escapeControls(text.trimEnd())}`)
