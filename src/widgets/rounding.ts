/** To two decimals, decided on the exact binary value; an exact tie goes to the even digit: 3.125 → 3.12 (widgets.md 1). */
export function round2(x: number): number {
  // A tie at the third decimal is exact only for odd eighths. `toFixed` looks at the exact value too, but rounds ties up.
  const eighths = Math.abs(x) * 8
  if (eighths % 2 === 1) return (Math.sign(x) * roundHalfToEven(Math.abs(x) * 100)) / 100
  return Math.abs(x) < 1e21 ? Number(x.toFixed(2)) : x
}

/** To a whole number, ties to the even one: 12.5 → 12, 37.5 → 38. */
export function round0(x: number): number {
  return roundHalfToEven(x)
}

function roundHalfToEven(x: number): number {
  const below = Math.floor(x)
  const rest = x - below
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1
  return below % 2 === 0 ? below : below + 1
}
