import type { components } from '../../generated/types.ts'

export type WidgetType = components['schemas']['WidgetType']

/**
 * The types of widgets with their parameters, in the order in which they are listed. Texts and order are part of the
 * interface (widgets.md 2). `required` and `default` inform people; no request is refused or completed by them.
 */
export const widgetTypes: readonly WidgetType[] = [
  {
    id: 'compare-runs-view',
    title: 'Compare Runs',
    description: 'A summary of multiple ran test results filtered',
    type: 'view',
    params: [
      { name: 'additional_filters', description: 'List of filters used for comparison', type: 'list', required: true },
    ],
  },
  {
    id: 'jenkins-heatmap',
    title: 'Jenkins Pipeline Heatmap',
    description: 'A heatmap of test runs from a Jenkins pipeline',
    type: 'widget',
    params: [
      {
        name: 'job_name',
        description: "The Jenkins job name, this is the value of the 'metadata.jenkins.job_name' key.",
        type: 'string',
        required: true,
      },
      {
        name: 'builds',
        description: 'The number of Jenkins builds to analyze.',
        type: 'integer',
        required: true,
        default: 5,
      },
      {
        name: 'group_field',
        description: "The field in a result to group by, typically 'component'",
        type: 'string',
        required: true,
        default: 'component',
      },
      {
        name: 'count_skips',
        description: 'Count skips against the pass rate.',
        type: 'boolean',
        required: false,
        default: true,
      },
      { name: 'project', description: 'Filter results by a specific project ID', type: 'string', required: false },
      {
        name: 'additional_filters',
        description:
          'Comma-separated list of additional filters, cf. https://docs.ibutsu-project.org/en/latest/user-guide/filter-help.html ',
        type: 'string',
        required: false,
      },
    ],
  },
  {
    id: 'filter-heatmap',
    title: 'Filtered Heatmap',
    description: 'A heatmap of filtered test runs.',
    type: 'widget',
    params: [
      {
        name: 'additional_filters',
        description: 'The filters for the runs to be included in the query.',
        type: 'string',
        required: true,
      },
      { name: 'builds', description: 'The number of builds to analyze.', type: 'integer', required: true, default: 5 },
      {
        name: 'group_field',
        description: "The field in a result to group by, typically 'component'",
        type: 'string',
        required: true,
        default: 'component',
      },
      { name: 'project', description: 'Filter results by a specific project ID', type: 'string', required: false },
    ],
  },
  {
    id: 'run-aggregator',
    title: 'Run Aggregation',
    description: 'An aggregation of recent run results',
    type: 'widget',
    params: [
      {
        name: 'group_field',
        description: "Run data to order by, e.g. 'component' or 'env'",
        type: 'string',
        required: true,
        default: 'component',
      },
      {
        name: 'weeks',
        description: 'Aggregate test results from <weeks> weeks ago, e.g. 4',
        type: 'integer',
        required: true,
        default: 4,
      },
      { name: 'project', description: 'Filter results by a specific project ID', type: 'string', required: false },
      {
        name: 'additional_filters',
        description:
          'Comma-separated list of additional filters, cf. https://docs.ibutsu-project.org/en/latest/user-guide/filter-help.html ',
        type: 'string',
        required: false,
      },
    ],
  },
  {
    id: 'result-summary',
    title: 'Result Summary',
    description: 'A summary of the saved test results, optionally filtered',
    type: 'widget',
    params: [
      { name: 'source', description: "Filter test results by a specific 'source'", type: 'string', required: false },
      { name: 'env', description: "Filter test results by a specific 'env'", type: 'string', required: false },
      {
        name: 'job_name',
        description: 'Filter test results by a specific jenkins job',
        type: 'string',
        required: false,
      },
      { name: 'project', description: 'Filter test results by a specific project ID', type: 'string', required: false },
      {
        name: 'additional_filters',
        description:
          'Comma-separated list of additional filters, cf. https://docs.ibutsu-project.org/en/latest/user-guide/filter-help.html ',
        type: 'string',
        required: false,
      },
    ],
  },
  {
    id: 'result-aggregator',
    title: 'Result Aggregation',
    description: 'A count of test results that fall into various categories',
    type: 'widget',
    params: [
      {
        name: 'group_field',
        description: "Result data to group by, e.g. 'env', 'metadata.assignee', 'metadata.exception_name'",
        type: 'string',
        required: true,
        default: 'result',
      },
      {
        name: 'days',
        description:
          'Aggregate test results from <days> days ago, e.g. 90. Defaults to 90 when not specified (unless run_id is provided)',
        type: 'float',
        required: false,
        default: 90,
      },
      { name: 'run_id', description: 'Aggregate results from a specific run', type: 'string', required: false },
      { name: 'project', description: 'Filter results by a specific project ID', type: 'string', required: false },
      {
        name: 'for_filter',
        description: 'If true, use optimized DISTINCT query without counts (faster for filter dropdowns)',
        type: 'boolean',
        required: false,
        default: false,
      },
      {
        name: 'additional_filters',
        description:
          'Comma-separated list of additional filters, cf. https://docs.ibutsu-project.org/en/latest/user-guide/filter-help.html ',
        type: 'string',
        required: false,
      },
    ],
  },
  {
    id: 'importance-component',
    title: 'Importance by component',
    description: 'Test results filtered by component and broken down by importance',
    type: 'widget',
    params: [
      {
        name: 'job_name',
        description: 'The name of the jenkins job to pull from',
        type: 'string',
        required: true,
        default: '',
      },
      {
        name: 'group_field',
        description: "the field in a result to group by, typically 'component'",
        type: 'string',
        required: true,
        default: 'component',
      },
      { name: 'env', description: 'The environment to filter by', type: 'string', required: false, default: '' },
      { name: 'components', description: 'The component(s) to filter by', type: 'string', required: true, default: '' },
      {
        name: 'builds',
        description: 'The number of Jenkins builds to analyze.',
        type: 'integer',
        required: false,
        default: 5,
      },
      {
        name: 'count_skips',
        description: 'Count skips against the pass rate.',
        type: 'boolean',
        required: false,
        default: false,
      },
      { name: 'project', description: 'Filter results by a specific project ID', type: 'string', required: false },
    ],
  },
  {
    id: 'accessibility-dashboard-view',
    title: 'Accessibility Dashboard View',
    type: 'view',
    params: [],
  },
  {
    id: 'accessibility-analysis-view',
    title: 'Accessibility Analysis View',
    type: 'view',
    params: [
      { name: 'run_list', description: 'List of run IDs for the analysis to pull in', type: 'list' },
      { name: 'project', description: 'Filter results by a specific project ID', type: 'string', required: false },
    ],
  },
  {
    id: 'accessibility-bar-chart',
    title: 'Accessibility Bar Chart',
    description: 'A bar chart to display aggregate test results ',
    type: 'widget',
    params: [{ name: 'run_list', description: 'A list of run IDs', type: 'list', required: true }],
  },
  {
    id: 'jenkins-job-view',
    title: 'Jenkins Job View',
    type: 'view',
    params: [
      { name: 'additional_filters', description: 'Filters for the Jenkins Jobs', type: 'list' },
      { name: 'page', description: 'Desired page of builds to return.', type: 'integer' },
      { name: 'page_size', description: 'Number of builds on each page', type: 'integer' },
      { name: 'run_limit', description: 'Limit on runs from which to aggregate jenkins jobs', type: 'integer' },
      { name: 'project', description: 'Filter results by a specific project ID', type: 'string', required: false },
    ],
  },
  {
    id: 'jenkins-analysis-view',
    title: 'Jenkins Job Analysis',
    type: 'view',
    params: [
      { name: 'job_name', description: 'The name of the Jenkins Job', type: 'string' },
      { name: 'builds', description: 'The number of builds to fetch', type: 'integer' },
      { name: 'project', description: 'Filter results by a specific project ID', type: 'string', required: false },
    ],
  },
  {
    id: 'jenkins-bar-chart',
    title: 'Jenkins Bar Chart',
    description: 'A bar chart to display aggregate test results for a particular jenkins job over time',
    type: 'widget',
    params: [
      { name: 'job_name', description: 'The name of the Jenkins Job', type: 'string', required: true },
      { name: 'builds', description: 'The number of builds to fetch', type: 'integer', required: true, default: 30 },
      { name: 'project', description: 'Filter results by a specific project ID', type: 'string', required: false },
    ],
  },
  {
    id: 'jenkins-line-chart',
    title: 'Jenkins Line Chart',
    description: 'A line chart to display Jenkins job run time for a particular jenkins job',
    type: 'widget',
    params: [
      { name: 'job_name', description: 'The name of the Jenkins Job', type: 'string', required: true },
      { name: 'builds', description: 'The number of builds to fetch', type: 'integer', required: false, default: 30 },
      { name: 'project', description: 'Filter results by a specific project ID', type: 'string', required: false },
    ],
  },
]

const byId = new Map(widgetTypes.map((type) => [type.id, type]))

/** The type of an id. */
export function findWidgetType(id: string): WidgetType | undefined {
  return byId.get(id)
}
