/**
 * `npm test` runs these attacks in a short form, `npm run test:attack` in the long one (ATTACK=long). ATTACK_SEED repeats
 * a run: every failure names its seed.
 */
const isLong = process.env.ATTACK === 'long'

/** The short form's number, or the long form's. */
export function inForm(short: number, long: number): number {
  return isLong ? long : short
}

export const seed = Number(process.env.ATTACK_SEED ?? Date.now() % 2 ** 31)

/** Prints what was tried: the numbers are part of the proof. */
export function report(what: string, numbers: Readonly<Record<string, unknown>>): void {
  process.stderr.write(`attack: ${what} ${JSON.stringify({ seed, ...numbers })}\n`)
}
