/** The first line of every generated source file. */
export const HEADER = '// Generated from openapi/ by npm run generate. Do not edit.'

/** Blocks of lines with an empty line between them, and the newline at the end of the file. False and empty ones are left out. */
export function file(...blocks: readonly (string | false)[]): string {
  return `${blocks.filter((block) => block !== '' && block !== false).join('\n\n')}\n`
}

/** Lines as one text; undefined and false lines are left out. */
export function lines(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => typeof part === 'string').join('\n')
}

/** Every line of a text two blanks to the right. */
export function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : `  ${line}`))
    .join('\n')
}

/** `head {`, the indented members, `}`. */
export function block(head: string, members: readonly string[], end = '}'): string {
  return members.length === 0 ? `${head}${end}` : lines(head, indent(members.join('\n')), end)
}

/** A string literal in single quotes. */
export function quote(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${inner}'`
}

/** A property name, quoted where it is no identifier. */
export function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) || /^(0|[1-9]\d*)$/.test(name) ? name : quote(name)
}

/** A property access: `value.name` or `value['odd name']`. */
export function member(value: string, name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${value}.${name}` : `${value}[${quote(name)}]`
}

/** Data as source text, on one line where that fits in `width` columns. */
export function literal(value: unknown, width = 100): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value !== 'object' || value === null) return String(value)
  const [open, close, parts] = Array.isArray(value)
    ? ['[', ']', value.map((item) => literal(item, width - 2))]
    : ['{', '}', Object.entries(value).map(([name, item]) => `${key(name)}: ${literal(item, width - 2)}`)]
  const pad = open === '{' && parts.length > 0 ? ' ' : ''
  const flat = `${open}${pad}${parts.join(', ')}${pad}${close}`
  if (flat.length <= width && !flat.includes('\n')) return flat
  return block(
    open,
    parts.map((part) => `${part},`),
    close,
  )
}
