/** One line of a Dockerfile, continuation lines joined. `json` is its exec form, where it has one. */
export interface Instruction {
  readonly name: string
  readonly text: string
  readonly json: readonly string[] | undefined
}

export interface Stage {
  readonly base: string
  readonly name: string
  readonly instructions: readonly Instruction[]
}

/** Reads as much of the language as our Dockerfile uses; what it does not know is the follower's to refuse. */
export function parseDockerfile(text: string): readonly Stage[] {
  const stages: { base: string; name: string; instructions: Instruction[] }[] = []
  const lines = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  for (const line of lines) {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
    const instruction = { name, text: rest, json: execForm(rest) }
    if (name === 'FROM') {
      const [base = '', , alias] = rest.split(/\s+/)
      stages.push({ base, name: alias ?? String(stages.length), instructions: [] })
    } else if (stages.at(-1)) stages.at(-1)?.instructions.push(instruction)
    else throw new Error(`the Dockerfile has ${name} before FROM`)
  }
  return stages
}

/** `KEY=value` pairs of ENV and LABEL. */
export function readPairs(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w.-]+)=("[^"]*"|\S+)/g)]
  return Object.fromEntries(pairs.map(([, key = '', value = '']) => [key, value.replace(/^"|"$/g, '')]))
}

function execForm(text: string): readonly string[] | undefined {
  const start = text.indexOf('[')
  if (start < 0 || !text.endsWith(']')) return undefined
  try {
    return JSON.parse(text.slice(start))
  } catch {
    return undefined
  }
}

/** Whether .dockerignore lets a path through. It must begin with `*` and then only name exceptions, as ours does. */
export function isInContext(dockerignore: string, path: string): boolean {
  const [first, ...exceptions] = dockerignore.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  if (first !== '*' || exceptions.some((line) => !line.startsWith('!'))) {
    throw new Error('.dockerignore must be "*" and then exceptions only')
  }
  return exceptions.some((line) => path === line.slice(1) || path.startsWith(`${line.slice(1)}/`))
}
