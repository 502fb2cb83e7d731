import type { Widget } from './widget.ts'

/** A frame that clients fill themselves. */
export const accessibilityDashboardView: Widget = { mandatory: [], answer: async () => null }
