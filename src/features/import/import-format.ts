/** What a file that can be imported is: a JUnit XML document, or an archive of a run. */
export type ImportFormat = 'junit' | 'archive'

/** By the end of its name, in which case counts (imports.md 1). Null: it is neither. */
export function formatOf(filename: string): ImportFormat | null {
  if (filename.endsWith('.xml')) return 'junit'
  return filename.endsWith('.tar.gz') ? 'archive' : null
}
