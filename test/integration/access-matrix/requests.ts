import { randomUUID } from 'node:crypto'
import { type OperationId, operations } from '../../../generated/operations.ts'
import type { TestRequest } from '../../helpers/server.ts'
import type { Caller, Place, World } from './world.ts'

/** A request: what is put into the path, and the rest of it. */
export interface Subject extends TestRequest {
  readonly params?: Readonly<Record<string, string>>
  /** Sends no Authorization header, whoever asks. */
  readonly withoutToken?: boolean
}

/** Makes what a request of this caller is about, and the request; of several requests all get the same answer. */
export type Prepare = (world: World, caller: Caller) => Subject | readonly Subject[] | Promise<Subject>

/** For each operation its requests, by the word in the column `id` of access.csv. */
export type Requests = Readonly<Partial<Record<OperationId, Readonly<Record<string, Prepare>>>>>

export const MALFORMED = 'no-uuid'

/** The id of nothing. */
export const unknown = () => randomUUID()

/** The four ids that a path may hold: of a thing of `ours` or `foreign`, of nothing, and none at all. */
export function byId(make: (world: World, place: Place, caller: Caller) => Promise<string>, rest: Subject = {}) {
  const at = (id: string): Subject => ({ ...rest, params: { id } })
  return {
    own: async (world, caller) => at(await make(world, 'ours', caller)),
    foreign: async (world, caller) => at(await make(world, 'foreign', caller)),
    unknown: () => at(unknown()),
    malformed: () => at(MALFORMED),
  } as const satisfies Record<string, Prepare>
}

/** The id of a project of the world. */
export function projectId(world: World, place: Place): string {
  return world.projects[place] ?? ''
}

/** A multipart form; a value of two is a file: its name and its text. */
export function form(fields: Readonly<Record<string, string | readonly [string, string]>>): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') data.append(name, value)
    else data.append(name, new Blob([value[1]]), value[0])
  }
  return data
}

/** Where a request goes. */
export function pathOf(operation: OperationId, { params = {} }: Subject): string {
  return operations[operation].path.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = params[name]
    if (value === undefined) throw new Error(`${operation} needs ${name}`)
    return encodeURIComponent(value)
  })
}
