import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { compile } from '../generate.ts'
import { loadSpec } from '../load.ts'
import { createMockServer } from '../mock-server.ts'
import { FOLDER_OPTIONS, foldersOf, shown } from '../project.ts'
import { Refusal, say, UsageError } from '../say.ts'

export const MOCK_HELP = `ibutsu-codegen mock [--port 8081] [--host 127.0.0.1] [--spec openapi]
  Serves every operation with its example; requests are checked against the spec, tokens are not.
  The header "Prefer: code=404" asks for another answer, "Prefer: example=name" for a named example.`

export async function runMock(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      spec: FOLDER_OPTIONS.spec,
      port: { type: 'string', default: '8081' },
      host: { type: 'string', default: '127.0.0.1' },
    },
  })
  if (!/^\d{1,5}$/.test(values.port)) throw new UsageError(`--port is a number, not "${values.port}".`)
  const { spec } = foldersOf(values)
  const ir = compile(loadSpec(spec, shown(spec)))
  const server = await createMockServer(ir)
  server.listen(Number(values.port), values.host)
  await once(server, 'listening').catch((error) => {
    throw new Refusal(`Cannot listen on ${values.host}:${values.port}: ${error.message}`)
  })
  const { port } = server.address() as AddressInfo
  say(`${ir.operations.length} operations at http://${values.host}:${port} (Ctrl-C ends it)`)
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
  })
  server.closeAllConnections()
  server.close()
  return 0
}
