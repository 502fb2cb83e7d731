import type { OperationHandlers } from '../../../generated/handlers.ts'
import type { Extras } from '../../access/access-table.ts'
import type { AppContext } from '../../context.ts'

type Handlers = Pick<
  OperationHandlers<AppContext, Extras>,
  'getHealth' | 'getDatabaseHealth' | 'getHealthInfo' | 'getReadiness'
>

export const healthHandlers: Handlers = {
  async getHealth() {
    return { status: 200, body: { status: 'OK', message: 'Service is running' } }
  },

  async getDatabaseHealth(ctx) {
    await ctx.db.query({ text: 'select 1' })
    return { status: 200, body: { status: 'OK', message: 'Service is running' } }
  },

  async getHealthInfo(ctx) {
    const { frontendUrl, backendUrl } = ctx.config
    return { status: 200, body: { frontend: frontendUrl, backend: backendUrl, api_ui: `${backendUrl}/api/ui/` } }
  },

  async getReadiness(ctx) {
    if (ctx.lifecycle.draining) return { status: 503, body: { status: 'Error', message: 'The server is stopping' } }
    try {
      await ctx.db.ping()
      return { status: 200, body: { status: 'OK', message: 'Service is ready' } }
    } catch {
      return { status: 503, body: { status: 'Error', message: 'The database does not answer' } }
    }
  },
}
