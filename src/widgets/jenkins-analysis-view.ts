import type { components } from '../../generated/types.ts'
import { needInteger, needText } from './params.ts'
import type { Widget } from './widget.ts'

/** A heatmap wider than this is not asked for. */
const MOST_HEATMAP_BUILDS = 40

/** The parameters of the three widgets that make up a view of a job (widgets.md 4). */
export const jenkinsAnalysisView: Widget<components['schemas']['WidgetJenkinsAnalysisView']> = {
  mandatory: ['job_name', 'builds'],
  async answer(_ctx, { params }) {
    const job_name = needText(params, 'job_name')
    const builds = needInteger(params, 'builds')
    const project = params.text('project')
    const shared = { job_name, ...(project ? { project } : {}) }
    const heatmapBuilds = Math.min(builds, MOST_HEATMAP_BUILDS)
    return {
      barchart_params: { ...shared, builds },
      heatmap_params: { ...shared, builds: heatmapBuilds, group_field: 'component', count_skips: true },
      linechart_params: { ...shared, builds },
    }
  },
}
