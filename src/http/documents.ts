import { readFile } from 'node:fs/promises'
import express, { type Express } from 'express'
import { getAbsoluteFSPath } from 'swagger-ui-dist'
import { stringify } from 'yaml'

/** Adds the pages that describe the interface: `/` → `/api/ui/`, Swagger UI, and the spec as JSON and YAML. */
export async function addDocuments(app: Express): Promise<void> {
  const json = await readFile(new URL('../../generated/openapi.json', import.meta.url), 'utf8')
  let yaml: string | undefined
  app.get('/', (_req, res) => void res.status(302).location('/api/ui/').type('html').send(''))
  app.get('/api/ui', (_req, res) => res.redirect(307, '/api/ui/'))
  app.get('/api/ui/', (_req, res) => void res.type('html').send(PAGE))
  app.get('/api/ui/swagger-initializer.js', (_req, res) => void res.type('js').send(INITIALIZER))
  app.use('/api/ui', express.static(getAbsoluteFSPath(), { index: false, redirect: false }))
  app.get('/api/openapi.json', (_req, res) => void res.type('json').send(json))
  app.get('/api/openapi.yaml', (_req, res) => {
    yaml ??= stringify(JSON.parse(json), { aliasDuplicateObjects: false })
    res.type('text/yaml').send(yaml)
  })
}

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
