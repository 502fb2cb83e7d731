import { findWidgetType } from './widget-types.ts'

/** Names that parameters had once, by widget type: old → new (data-model.md 5.5). */
const renamed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'jenkins-heatmap': { jenkins_job_name: 'job_name' },
  'compare-runs-view': { filters: 'additional_filters' },
  'filter-heatmap': { filters: 'additional_filters' },
  'jenkins-job-view': { filter: 'additional_filters' },
}

/** The parameters that a widget type knows, old names replaced and unknown ones dropped; values stay as they are. */
export function knownParams(widget: string, params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const names = new Set(findWidgetType(widget)?.params.map(({ name }) => name))
  const old = renamed[widget] ?? {}
  const entries = Object.entries(params)
    .map(([name, value]): [string, unknown] => [Object.hasOwn(old, name) ? (old[name] ?? name) : name, value])
    .filter(([name]) => names.has(name))
  return Object.fromEntries(entries)
}
