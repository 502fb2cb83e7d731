import type { Random } from '../../process/helpers/seeded-random.ts'
import type { State } from './history.ts'

/** The runs and results that all clients write to; their ids are known before they are there. */
export interface World {
  readonly project: string
  /** What all its runs have in common, and no others, so that one fill reaches all of them. */
  readonly group: string
  readonly runs: readonly string[]
  /** Results, and the run that each is made in. */
  readonly results: ReadonlyMap<string, string>
}

export const OUTCOMES = ['passed', 'failed', 'error', 'skipped'] as const
/** How many different contents clients send under one id. */
export const VARIANTS = 3
export function createWorld(random: Random, project: string, runCount: number, resultsPerRun: number): World {
  const runs = Array.from({ length: runCount }, () => random.uuid())
  const results = runs.flatMap((run) => Array.from({ length: resultsPerRun }, () => [random.uuid(), run] as const))
  return { project, group: `group-${runs[0]}`, runs, results: new Map(results) }
}

/** Whether an object's writes change what a create is compared by: every other result. */
export function isContested(world: World, object: string): boolean {
  return [...world.results.keys()].indexOf(object) % 2 === 1
}

/** The body of a create. */
export function contentOf(world: World, object: string, variant: number): Readonly<Record<string, unknown>> {
  const run = world.results.get(object)
  const shared = {
    id: object,
    project_id: world.project,
    source: `source-${variant}`,
    component: `component-${variant}`,
    start_time: `2024-05-0${variant + 1}T00:00:00Z`,
    metadata: { project: world.project, group: world.group, variant },
  }
  return run
    ? { ...shared, run_id: run, test_id: `test-${variant}`, result: OUTCOMES[variant], duration: 1 }
    : { ...shared, created: '2024-05-01T00:00:00Z' }
}

/** What an answer shows of an object right after its creation. */
export function initialFields(world: World, object: string, variant: number): State['fields'] {
  const { source, component, test_id, result, run_id, duration } = contentOf(world, object, variant)
  const shared = { source, component, variant: String(variant) } as Record<string, string>
  return world.results.has(object)
    ? ({ ...shared, test_id, result, run_id, duration: String(duration) } as Record<string, string>)
    : shared
}
