/**
 * Thrown by what `ibutsu-codegen new operation` wrote and nobody has filled in yet. With MOCK_UNBUILT (`npm run dev`) the
 * answer is then the spec's example; elsewhere it is a 500, and `npm run check` has refused the stub before.
 */
export class Unbuilt extends Error {
  override name = 'Unbuilt'

  constructor(operation: string) {
    super(`${operation} is not built yet`)
  }
}
