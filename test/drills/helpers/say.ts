/** Prints a figure of a drill; vitest shows it also when all went well. */
export const say = (line: string) => void process.stdout.write(`${line}\n`)

/** `npm run test:drills` takes longer and proves more than `npm test`. */
export const isLong = process.env.DRILLS === 'long'
