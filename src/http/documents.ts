import { readFile } from 'node:fs/promises'
import express, { type Express } from 'express'
// The package's index would load megabytes of the browser's code.
import getAbsoluteFSPath from 'swagger-ui-dist/absolute-path.js'
import { stringify } from 'yaml'
import { pageHeaders } from './security-headers.ts'

/** Adds the pages that describe the interface: `/` → `/api/ui/`, Swagger UI, and the spec as JSON and YAML. */
export async function addDocuments(app: Express): Promise<void> {
  const json = await readFile(new URL('../../generated/openapi.json', import.meta.url), 'utf8')
  let yaml: string | undefined
  const documents = express.Router({ strict: true })
  // Requests for operations are spared the look at each of these paths.
  app.use((req, res, next) => (IS_DOCUMENT.test(req.url) ? documents(req, res, next) : next()))
  documents.get('/', (_req, res) => void res.status(302).location('/api/ui/').type('html').send(''))
  documents.get('/api/ui', (_req, res) => res.redirect(307, '/api/ui/'))
  documents.use('/api/ui/', pageHeaders)
  documents.get('/api/ui/', (_req, res) => void res.type('html').send(PAGE))
  documents.get('/api/ui/swagger-initializer.js', (_req, res) => void res.type('js').send(INITIALIZER))
  const files = express.static(getAbsoluteFSPath(), { index: false, redirect: false })
  documents.use('/api/ui', (req, res, next) => (FILES.has(req.path) ? files(req, res, next) : next()))
  documents.get('/api/openapi.json', (_req, res) => void res.type('json').send(json))
  documents.get('/api/openapi.yaml', (_req, res) => {
    yaml ??= stringify(JSON.parse(json), { aliasDuplicateObjects: false })
    res.type('text/yaml').send(yaml)
  })
}

const IS_DOCUMENT = /^\/(?:$|\?|api\/(?:ui|openapi))/i

/** Of the package's folder what the page needs; its own page, its sources and what it says of itself stay here. */
const FILES: ReadonlySet<string> = new Set([
  '/swagger-ui.css',
  '/swagger-ui-bundle.js',
  '/favicon-16x16.png',
  '/favicon-32x32.png',
  '/oauth2-redirect.html',
  '/oauth2-redirect.js',
])

const PAGE = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Ibutsu API</title>
  <link rel="stylesheet" href="./swagger-ui.css">
  <link rel="icon" type="image/png" href="./favicon-32x32.png" sizes="32x32">
</head>
<body>
  <div id="swagger-ui"></div>
  <script src="./swagger-ui-bundle.js"></script>
  <script src="./swagger-initializer.js"></script>
</body>
</html>
`

const INITIALIZER = `window.ui = SwaggerUIBundle({
  url: '../openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  persistAuthorization: true,
  validatorUrl: null,
})
`
