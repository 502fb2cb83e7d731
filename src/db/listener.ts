import pg, { type Client, type ClientConfig } from 'pg'
import type { Logger } from 'pino'

/*
 * The one LISTEN connection of a process.
 *
 * States: idle (nobody listens, no connection) → connecting → up → down → connecting → …, until closed.
 * Entry to up: every channel has been subscribed again; only then `onUp` is called. Entry to down: the connection
 * ended or a ping went unanswered; `onDown` is called once, at once.
 * Invariant: between `onUp` and `onDown` no message that PostgreSQL committed is missed. What was sent while the
 * connection was down is lost, so a listener that caches anything empties it in `onUp` and trusts it only while up.
 */

const firstPauseMs = 50
const longestPauseMs = 1_000
const usualPing = { everyMs: 10_000, timeoutMs: 5_000 }

/** How the connection is asked whether it still is one. */
export interface PingOptions {
  readonly everyMs: number
  readonly timeoutMs: number
}

export interface ListenerOptions {
  readonly log: Logger
  readonly ping?: PingOptions
  /**
   * A ping was not answered: the other end is out of reach, and no packet may ever say so on any other connection (a cable, a
   * firewall, a machine that lost its power). TCP itself takes 15 minutes to give up.
   */
  readonly onSilence?: () => void
}

/** A connection that listens, for statements that must run on it; they fail when it has ended. */
export interface ListenSession {
  query(text: string): Promise<unknown>
}

export interface ListenEvents {
  readonly onUp?: (session: ListenSession) => void
  readonly onDown?: () => void
}

export type OnMessage = (payload: string) => void

interface Subscription extends ListenEvents {
  readonly channel: string
  readonly onMessage: OnMessage
}

export interface Listener {
  listen(channel: string, onMessage: OnMessage, events?: ListenEvents): Promise<() => Promise<void>>
  /** Ends the connection and makes another one, which may lead to another server. */
  renew(): void
  close(): Promise<void>
}

/** One statement at a time, each for at most the time of a ping. */
function inTurn(client: Client, timeoutMs: number): ListenSession {
  let last: Promise<unknown> = Promise.resolve()
  return {
    query(text) {
      const own = last.then(() => client.query({ text, query_timeout: timeoutMs } as pg.QueryConfig))
      last = own.catch(() => undefined)
      return own
    },
  }
}

/** Connects when the first channel is asked for, and for ever again when the connection ends. */
export function createListener(config: ClientConfig, options: ListenerOptions): Listener {
  const { log, ping: pingOptions = usualPing, onSilence } = options
  const subscriptions = new Set<Subscription>()
  let client: Client | undefined
  let session: ListenSession | undefined
  let endCurrent: (() => void) | undefined
  let firstTry: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let pauseMs = firstPauseMs
  let closed = false

  const subscribe = (to: Client, channel: string) => to.query(`listen ${pg.escapeIdentifier(channel)}`)
  const channels = () => new Set([...subscriptions].map((subscription) => subscription.channel))

  async function connect(): Promise<void> {
    const next = new pg.Client(config)
    let ended = false
    const end = (error?: unknown): void => {
      if (ended) return
      ended = true
      clearTimeout(timer)
      // Never waits for a peer that may be gone.
      next.end().catch(() => undefined)
      if (client === next) {
        client = undefined
        log.warn({ err: error }, 'the notification connection is down')
        for (const subscription of subscriptions) subscription.onDown?.()
      }
      if (closed) return
      timer = setTimeout(() => void connect(), pauseMs)
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    }
    next.on('error', end)
    next.on('end', () => end())
    next.on('notification', ({ channel, payload }) => {
      for (const subscription of subscriptions) {
        if (subscription.channel === channel) subscription.onMessage(payload ?? '')
      }
    })
    try {
      await next.connect()
      for (const channel of channels()) await subscribe(next, channel)
    } catch (error) {
      end(error)
      return
    }
    if (ended) return
    if (closed) {
      end()
      return
    }
    client = next
    endCurrent = end
    session = inTurn(next, pingOptions.timeoutMs)
    pauseMs = firstPauseMs
    for (const subscription of subscriptions) subscription.onUp?.(session)
    const ping = (own: ListenSession): void => {
      const onFailed = (error: unknown) => {
        // One that ended has said so; this one says nothing.
        if (!ended) onSilence?.()
        end(error)
      }
      timer = setTimeout(() => own.query('select 1').then(() => ping(own), onFailed), pingOptions.everyMs)
      timer.unref()
    }
    ping(session)
  }

  async function listen(channel: string, onMessage: OnMessage, events: ListenEvents = {}) {
    const subscription = { channel, onMessage, ...events }
    subscriptions.add(subscription)
    if (firstTry === undefined) {
      firstTry = connect()
      await firstTry
    } else {
      await firstTry
      // While it is down, connecting subscribes every channel.
      const up = client
      if (up !== undefined) {
        await subscribe(up, channel).then(
          () => up === client && session && events.onUp?.(session),
          () => undefined,
        )
      }
    }
    return async () => {
      subscriptions.delete(subscription)
      if (!channels().has(channel))
        await client?.query(`unlisten ${pg.escapeIdentifier(channel)}`).catch(() => undefined)
    }
  }

  async function close(): Promise<void> {
    closed = true
    clearTimeout(timer)
    const open = client
    client = undefined
    subscriptions.clear()
    await open?.end().catch(() => undefined)
  }

  return { listen, renew: () => endCurrent?.(), close }
}
