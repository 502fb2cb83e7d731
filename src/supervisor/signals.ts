/** What a signal asks the supervisor to do. Never SIGUSR1, which is Node's debugger. */
export const signalMeanings = {
  SIGTERM: 'stop',
  SIGINT: 'quick-stop',
  SIGQUIT: 'quick-stop',
  SIGHUP: 'reload',
  SIGTTIN: 'more-workers',
  SIGTTOU: 'fewer-workers',
  SIGUSR2: 'hand-over',
} as const satisfies Partial<Record<NodeJS.Signals, string>>

export type Command = (typeof signalMeanings)[keyof typeof signalMeanings]

/** Signals as a queue: handlers only enqueue, one loop takes. */
export interface SignalQueue {
  /** The commands as they come, for ever. */
  commands(): AsyncGenerator<Command>
  /** Resolves when the first command to stop has come. */
  readonly stopAsked: Promise<void>
}

/** Catches the signals from now on. */
export function catchSignals(): SignalQueue {
  const queue: Command[] = []
  const stopAsked = Promise.withResolvers<void>()
  let wake = Promise.withResolvers<void>()
  for (const [signal, command] of Object.entries(signalMeanings)) {
    process.on(signal, () => {
      queue.push(command)
      if (command === 'stop' || command === 'quick-stop') stopAsked.resolve()
      wake.resolve()
    })
  }
  return {
    stopAsked: stopAsked.promise,
    async *commands() {
      for (;;) {
        await wake.promise
        wake = Promise.withResolvers<void>()
        yield* queue.splice(0)
      }
    },
  }
}
