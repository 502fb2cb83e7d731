import type { Config } from '../config.ts'
import type { WebTimeouts } from '../http/listen.ts'

/** The timeouts of connections as the settings have them. */
export const webTimeouts = (config: Config): WebTimeouts => ({
  keepAliveMs: config.keepAliveSeconds * 1000,
  headersMs: config.headersTimeoutSeconds * 1000,
  silenceMs: config.silenceTimeoutSeconds * 1000,
})
