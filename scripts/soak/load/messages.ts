import type { Amount } from '../seed.ts'
import type { Outcomes } from './tally.ts'

/** What the load's process is told. */
export type LoadQuestion =
  | {
      readonly do: 'open'
      readonly url: string
      readonly count: number
      readonly amount: Amount
      readonly without: readonly string[]
    }
  /** `rate` operations a second, or with null `atOnce` at a time. */
  | { readonly do: 'run'; readonly seconds: number; readonly rate: number | null; readonly atOnce: number }

/** What it says; each question is answered once, progress comes in between. */
export type LoadAnswer =
  | { readonly did: 'open' }
  | ({ readonly did: 'progress' } & LoadProgress)
  | ({ readonly did: 'run' } & LoadReport)
  | { readonly did: 'fail'; readonly message: string }

export interface LoadProgress {
  readonly seconds: number
  readonly total: number
  readonly failed: number
  readonly undone: number
}

export interface LoadReport {
  readonly seconds: number
  /** Operations a second. */
  readonly rate: number
  /** Connections that had to be opened anew: those that were broken off, and those that were lost. */
  readonly opened: number
  readonly outcomes: Outcomes
}
