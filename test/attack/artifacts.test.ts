import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../helpers/server.ts'

let server: TestServer
let project: string
let result: string

beforeAll(async () => {
  server = await startTestServer()
  await server.addUser('eve')
  project = await server.addProject('artifacts', 'eve')
  result = (await server.send('POST', '/api/result', { as: 'eve', json: { metadata: { project } } })).body.id
})
afterAll(() => server.close())

async function upload(filename: string, bytes: Buffer | string, type = 'text/html') {
  const body = new FormData()
  body.append('resultId', result)
  body.append('filename', filename)
  body.append('file', new Blob([bytes], { type }), 'blob')
  return server.send('POST', '/api/artifact', { as: 'eve', body })
}
async function store(filename: string, bytes: Buffer | string, type?: string): Promise<string> {
  const answer = await upload(filename, bytes, type)
  expect([answer.status, answer.text]).toEqual([201, expect.anything()])
  return answer.body.id
}

/** What a browser would run if it took the type for its own. */
const SCRIPT = '<script>alert(document.domain)</script>'
const png = Buffer.from('89504e470d0a1a0a0000000d494844520000000100000001080600000000000000', 'hex')
const hostile: Readonly<Record<string, [filename: string, bytes: Buffer | string]>> = {
  'a page': ['a.html', `<!doctype html><html><body>${SCRIPT}</body></html>`],
  'a page that begins late': ['a.txt', `${' \n'.repeat(600)}<html>${SCRIPT}`],
  'a page in UTF-16': ['a.html', Buffer.from(`\ufeff<html>${SCRIPT}`, 'utf16le')],
  'a page in UTF-7': ['a.html', '+ADw-script+AD4-alert(1)+ADw-/script+AD4-'],
  'a drawing': ['a.svg', `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">${SCRIPT}</svg>`],
  'a drawing with a head': [
    'a.svg',
    `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x "y">]><svg xmlns="http://www.w3.org/2000/svg">${SCRIPT}</svg>`,
  ],
  'a sheet that makes a page': [
    'a.xml',
    '<?xml-stylesheet href="#x" type="text/xsl"?><xsl:stylesheet id="x" version="1.0"/>',
  ],
  'a script': ['a.js', 'alert(document.cookie)'],
  'a module worker': ['sw.js', 'self.addEventListener("fetch", () => {})'],
  'an image that is a page': ['a.png', Buffer.concat([png, Buffer.from(`<html>${SCRIPT}`)])],
  'a GIF that is a script': ['a.gif', `GIF89a/*${SCRIPT}*/=1;alert(1)`],
  'a PDF that is a page': ['a.pdf', `%PDF-1.7\n${SCRIPT}`],
  'an archive of pages': ['a.mht', `MIME-Version: 1.0\nContent-Type: text/html\n\n${SCRIPT}`],
  'a web archive': ['a.jar', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.from(SCRIPT)])],
  'a Flash movie': ['a.swf', Buffer.from('FWS\x09rest')],
  'a sheet of styles': ['a.css', '@import url(https://evil.example/x.css)'],
  'a type of XML by another name': [
    'a.xhtml',
    `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">${SCRIPT}</html>`,
  ],
  JSON: ['a.json', '{"__proto__": {"x": 1}}'],
}

/** Types under which a browser that shows them runs what is in them. */
const ACTIVE = /html|svg|xml|javascript|ecmascript|flash|css|message\/rfc822|multipart/i

describe('artifacts of hostile types', () => {
  it.each(Object.entries(hostile))('%s comes back byte by byte, and runs nowhere', async (_name, [filename, bytes]) => {
    const id = await store(filename, bytes)
    for (const way of ['view', 'download']) {
      const answer = await server.send('GET', `/api/artifact/${id}/${way}`, { as: 'eve' })
      const { headers } = answer
      expect(answer.status).toBe(200)
      expect(answer.bytes.equals(Buffer.from(bytes))).toBe(true)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      // A sandbox without allow-scripts and allow-same-origin: whatever the type, no script and no origin of ours.
      expect(headers.get('content-security-policy')).toBe('sandbox')
      if (ACTIVE.test(headers.get('content-type') ?? '')) expect(headers.get('content-security-policy')).toBe('sandbox')
      if (way === 'download') expect(headers.get('content-disposition')).toMatch(/^attachment; filename/)
      else expect(headers.get('content-disposition')).toBeNull()
    }
  })

  it('a type that the client claims is not believed', async () => {
    for (const type of ['text/html', 'image/svg+xml', 'text/html\r\nx-evil: 1', 'application/x-shockwave-flash']) {
      const id = await store('plain.txt', 'only text', type)
      const answer = await server.send('GET', `/api/artifact/${id}/view`, { as: 'eve' })
      expect(answer.type).toBe('text/plain')
      expect(answer.headers.get('x-evil')).toBeNull()
    }
  })
})

describe('file names', () => {
  const names = [
    '../../../../etc/passwd',
    '..\\..\\windows\\system32',
    '/etc/shadow',
    'C:\\boot.ini',
    'a\r\nX-Evil: 1\r\n\r\n<html>',
    'a"; filename="evil.exe',
    "a'; filename*=UTF-8''evil.exe",
    '<img src=x onerror=alert(1)>.png',
    '\u202egnp.exe',
    'ä'.repeat(300),
    'a'.repeat(5_000),
    '\0evil.html',
    '.',
    '..',
    ' ',
    'CON',
    '%2e%2e%2f',
    '😀\ud83d',
  ]
  it.each(names.map((name) => [JSON.stringify(name).slice(0, 40), name]))(
    'are data in every head: %s',
    async (_shown, name) => {
      const uploaded = await upload(name, 'x')
      expect([201, 400]).toContain(uploaded.status)
      if (uploaded.status !== 201) return
      const { headers, status } = await server.send('GET', `/api/artifact/${uploaded.body.id}/download`, { as: 'eve' })
      const disposition = headers.get('content-disposition') ?? ''
      expect([status, headers.get('x-evil')]).toEqual([200, null])
      // One attachment with one name, in quotes or as a token, and one more in RFC 8187's letters.
      expect(disposition).toMatch(
        /^attachment; filename=(?:[\w!#$&+.^`|~-]+|"[^"\\%]*"; filename\*=UTF-8''[\w!#$&+.^`|~%-]*)$/,
      )
    },
  )
})

describe('texts with markup', () => {
  it('stay texts of JSON, wherever they are shown', async () => {
    const title = `</script>${SCRIPT}`
    const made = await server.send('POST', '/api/project', { as: 'eve', json: { name: title, title } })
    expect(made.status).toBe(201)
    for (const path of ['/api/project', `/api/project/${made.body.id}`]) {
      const answer = await server.send('GET', path, { as: 'eve' })
      expect([answer.type, answer.headers.get('x-content-type-options')]).toEqual(['application/json', 'nosniff'])
      expect(answer.text).toContain(JSON.stringify(title).slice(1, -1))
    }
    // What the server says back of an input is JSON or plain text as well, never a page.
    for (const [path, query] of [
      [`/api/run/${encodeURIComponent(SCRIPT)}`, []],
      ['/api/run', [['filter', `duration=${SCRIPT}`]]],
      [`/api/widget/${encodeURIComponent(SCRIPT)}`, []],
      [`/api/login/activate/${encodeURIComponent(SCRIPT)}`, []],
      [`/api/artifact/${encodeURIComponent(SCRIPT)}/view`, []],
    ] as const) {
      const answer = await server.send('GET', path, { as: 'eve', query })
      expect([answer.status >= 400, answer.type]).toEqual([true, expect.stringMatching(/json|^text\/plain$/)])
    }
    const task = await server.send('POST', '/admin/run-task', {
      as: null,
      json: { token: await server.token('admin'), task: SCRIPT, params: {} },
    })
    expect(task.text).not.toContain('<script>')
  })
})
