/** A result on its way in. Texts and JSON must be ones that PostgreSQL holds. */
export interface StagedResult {
  readonly id: string
  /** Where it stands in the archive; artifacts with the same folder belong to it. */
  readonly folder: string | null
  readonly testId: string | null
  readonly result: string | null
  /** JSON text of its metadata. */
  readonly data: string
  readonly params: string | null
  readonly duration: number | null
  /** UTC without zone; null when the file does not say. */
  readonly startTime: string | null
  readonly source: string | null
  readonly env: string | null
  readonly component: string | null
  readonly projectId: string | null
}

/** A file of a result or of the run on its way in. */
export interface StagedArtifact {
  /** The result that it belongs to, and its own id, where they are known already (JUnit). */
  readonly id: string | null
  readonly owner: string | null
  /** The result's folder in the archive; null: a file of the run. */
  readonly folder: string | null
  readonly path: string
  /** Its full name in the archive, and the one that it is a link to. */
  readonly entry: string | null
  readonly link: string | null
}

/** A result of a JUnit file: its id and time are known when it is read. */
export type JunitResult = StagedResult & { readonly id: string; readonly startTime: string }

/** A file of a JUnit result. */
export type JunitArtifact = StagedArtifact & { readonly id: string; readonly owner: string }

/** Takes what a JUnit file holds. The promises resolve when there is room for more. */
export interface ImportedRows {
  readonly resultCount: number
  addResult(result: JunitResult): Promise<void> | undefined
  addArtifact(artifact: JunitArtifact, content: string): Promise<void> | undefined
  /** Sends what is left. */
  flush(): Promise<void>
}
