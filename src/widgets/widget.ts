import type { components } from '../../generated/types.ts'
import type { ProjectScope } from '../access/caller.ts'
import type { AppContext } from '../context.ts'
import type { WidgetParams } from './params.ts'

export type WidgetAnswer = components['schemas']['WidgetAnswer']
export type Json = components['schemas']['JsonValue']

/** One request for a widget. The scope is already narrowed to the project that was named, if one was. */
export interface WidgetCall {
  readonly params: WidgetParams
  readonly scope: ProjectScope
}

/** A type of widget: what it can't do without, and how it answers. Null is "there is nothing to show" (204). */
export interface Widget<A extends WidgetAnswer = WidgetAnswer> {
  readonly mandatory: readonly string[]
  readonly answer: (ctx: AppContext, call: WidgetCall) => Promise<A | null>
}
