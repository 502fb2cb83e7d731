import { quote } from './code.ts'

/** The type in types.ts of an answer's body. */
export function responseType(id: string, status: number, mediaType: string): string {
  return `operations[${quote(id)}]['responses'][${status}]['content'][${quote(mediaType)}]`
}

/** The type in types.ts of a component schema. */
export function componentType(name: string): string {
  return `components['schemas'][${quote(name)}]`
}
