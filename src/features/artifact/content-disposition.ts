/** A token of RFC 9110: what may stand in a header without quotes. */
const TOKEN = /^[!#$&+.^_`|~0-9A-Za-z-]+$/

/**
 * The Content-Disposition of a download (RFC 6266, D13). A plain name stands bare, as it always did; any other is
 * quoted in ASCII with `_` for what does not fit, and given whole as `filename*` in UTF-8 (RFC 8187).
 */
export function attachment(filename: string): string {
  if (TOKEN.test(filename)) return `attachment; filename=${filename}`
  const ascii = filename.replace(/[^\x20-\x7e]/gu, '_').replace(/["\\%]/g, '_')
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encode(filename)}`
}

/** Percent-encodes all but RFC 8187's attr-char. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
