import type { OperationRequests } from '../../generated/handlers.ts'
import { accessibilityAnalysisView } from './accessibility-analysis-view.ts'
import { accessibilityBarChart } from './accessibility-bar-chart.ts'
import { accessibilityDashboardView } from './accessibility-dashboard-view.ts'
import { compareRunsView } from './compare-runs-view.ts'
import { filterHeatmap } from './filter-heatmap.ts'
import { importanceComponent } from './importance-component.ts'
import { jenkinsAnalysisView } from './jenkins-analysis-view.ts'
import { jenkinsBarChart } from './jenkins-bar-chart.ts'
import { jenkinsHeatmap } from './jenkins-heatmap.ts'
import { jenkinsJobView } from './jenkins-job-view.ts'
import { jenkinsLineChart } from './jenkins-line-chart.ts'
import { resultAggregator } from './result-aggregator.ts'
import { resultSummary } from './result-summary.ts'
import { runAggregator } from './run-aggregator.ts'
import type { Widget } from './widget.ts'

export type WidgetId = OperationRequests['getWidget']['params']['id']

/** Every type of widget that the spec names; a missing or an extra one does not compile. */
export const widgets: Readonly<Record<WidgetId, Widget>> = {
  'accessibility-analysis-view': accessibilityAnalysisView,
  'accessibility-bar-chart': accessibilityBarChart,
  'accessibility-dashboard-view': accessibilityDashboardView,
  'compare-runs-view': compareRunsView,
  'filter-heatmap': filterHeatmap,
  'importance-component': importanceComponent,
  'jenkins-analysis-view': jenkinsAnalysisView,
  'jenkins-bar-chart': jenkinsBarChart,
  'jenkins-heatmap': jenkinsHeatmap,
  'jenkins-job-view': jenkinsJobView,
  'jenkins-line-chart': jenkinsLineChart,
  'result-aggregator': resultAggregator,
  'result-summary': resultSummary,
  'run-aggregator': runAggregator,
}
