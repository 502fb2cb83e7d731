import type { OperationId } from '../../generated/operations.ts'

/** Operations of the spec that have no handler yet; they answer 501. The list only shrinks. */
export const unbuilt = [] as const satisfies readonly OperationId[]

export type Unbuilt = (typeof unbuilt)[number]
