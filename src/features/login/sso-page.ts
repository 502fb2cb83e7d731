import { createHash } from 'node:crypto'
import type { components } from '../../../generated/types.ts'

type LoginToken = components['schemas']['LoginToken']

/**
 * What the popup runs, the same for everybody: it waits for the page that opened it to ask, and answers that page alone.
 * The login stands beside it as data, so that no part of it can run.
 */
const SCRIPT = `
const { origin, result } = JSON.parse(document.getElementById('login').textContent)
addEventListener('message', (event) => {
  if (event.origin !== origin || event.data?.message !== 'requestResult') return
  event.source.postMessage({ message: 'deliverResult', result }, origin)
})
`

const SCRIPT_HASH = createHash('sha256').update(SCRIPT).digest('base64')

export const popupHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': `default-src 'none'; script-src 'sha256-${SCRIPT_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
}

/** The page of a popup whose login ended well: hands it to the page that opened it (access.md 3.4), of that origin only. */
export function renderPopup(login: LoginToken, frontendUrl: string): string {
  const { email, name, token } = login
  const data = { origin: URL.parse(frontendUrl)?.origin ?? 'null', result: { email, name, token } }
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Ibutsu</title></head>
<body>
<p>You are logged in. This window closes by itself, or you may close it.</p>
<script type="application/json" id="login">${jsonForHtml(data)}</script>
<script>${SCRIPT}</script>
</body>
</html>
`
}

/** JSON that ends no script element and opens no comment. */
function jsonForHtml(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
