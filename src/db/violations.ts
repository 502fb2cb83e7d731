/**
 * The name of the constraint or unique index that a statement ran into (class 23), undefined for any other error. In a
 * service it turns a race that no look-up beforehand can exclude into the client's error.
 */
export function violatedConstraint(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error) || !('constraint' in error)) return undefined
  const { code, constraint } = error
  return typeof code === 'string' && code.startsWith('23') && typeof constraint === 'string' ? constraint : undefined
}
