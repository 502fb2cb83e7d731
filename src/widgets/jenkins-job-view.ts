import type { components } from '../../generated/types.ts'
import { type Filter, readFilter } from '../filters/grammar.ts'
import { listJobs } from './jenkins-jobs.ts'
import { integerOr } from './params.ts'
import type { Widget } from './widget.ts'

const DEFAULT_PAGE_SIZE = 25
/** What a `bigint` of PostgreSQL holds. */
const LARGEST_OFFSET = 2n ** 63n - 1n

/** Builds of Jenkins jobs, the last to begin first (widgets.md 4). */
export const jenkinsJobView: Widget<components['schemas']['WidgetJenkinsJobView']> = {
  mandatory: [],
  async answer(ctx, { params, scope }) {
    const page = integerOr(params, 'page', 1, 1)
    const pageSize = integerOr(params, 'page_size', DEFAULT_PAGE_SIZE, 1)
    const runLimit = integerOr(params, 'run_limit', null, 0)
    if (BigInt(page) * BigInt(pageSize) > LARGEST_OFFSET) throw params.refuse(`page is out of range: ${page}`)
    const filters = params.list('additional_filters').flatMap(readJobFilter)
    const { jobs, totalItems } = await listJobs(ctx, { scope, filters, page, pageSize, runLimit })
    const totalPages = Math.ceil(totalItems / pageSize)
    return { jobs, pagination: { page, pageSize, totalItems, totalPages } }
  },
}

/**
 * One filter per text. A text with `job_name` or `build_number` anywhere in it is one on `metadata.jenkins`: clients send
 * the bare names.
 */
function readJobFilter(text: string): Filter[] {
  const isJenkins = text.includes('job_name') || text.includes('build_number')
  const filter = readFilter(isJenkins ? `metadata.jenkins.${text}` : text)
  return filter ? [filter] : []
}
