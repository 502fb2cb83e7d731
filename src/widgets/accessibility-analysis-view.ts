import type { components } from '../../generated/types.ts'
import type { Widget } from './widget.ts'

/** Gives the runs back as they were named; clients fetch what they show. A project is accepted (D41) and changes nothing. */
export const accessibilityAnalysisView: Widget<components['schemas']['WidgetAccessibilityAnalysisView']> = {
  mandatory: ['run_list'],
  answer: async (_ctx, { params }) => [...params.list('run_list')],
}
