import type { CopyTransaction } from '../db/copy-transaction.ts'
import { BinaryRows } from './binary-rows.ts'
import { BATCH_BYTES, CopyBatches } from './copy-batches.ts'
import type { ImportedRows, JunitArtifact, JunitResult } from './imported-rows.ts'

/** What all rows of a run have in common. */
export interface DirectTarget {
  readonly runId: string
  /** Of results that name none. */
  readonly projectId: string
  /** When its files count as uploaded: UTC without zone. */
  readonly uploaded: string
}

const RESULTS = `results (id, project_id, run_id, test_id, result, data, params, duration, start_time, source, env,
  component)`
const ARTIFACTS = 'artifacts (id, content, result_id, filename, data, upload_date)'

/**
 * Copies results and their files straight into their tables: two thirds of the work that staging makes. Only for a run that
 * is new and whose id nobody knows yet, with ids that follow from it, so that none can be there already. The run's row must
 * be. Nothing is seen of any of it before the transaction ends.
 */
export class DirectRows implements ImportedRows {
  readonly #target: DirectTarget
  readonly #copies: CopyBatches
  readonly #results = new BinaryRows()
  readonly #artifacts = new BinaryRows()
  resultCount = 0

  /** More than `maxBytes` of rows in all is refused. */
  constructor(tx: CopyTransaction, maxBytes: number, target: DirectTarget) {
    this.#target = target
    this.#copies = new CopyBatches(tx, maxBytes)
  }

  addResult(result: JunitResult): Promise<void> | undefined {
    const rows = this.#results
    this.resultCount++
    rows.row(12)
    rows.uuid(result.id)
    rows.uuid(result.projectId ?? this.#target.projectId)
    rows.uuid(this.#target.runId)
    rows.texts(result.testId, result.result)
    rows.json(result.data)
    rows.json(result.params)
    rows.float(result.duration)
    rows.timestamp(result.startTime)
    rows.texts(result.source, result.env, result.component)
    return rows.size < BATCH_BYTES ? undefined : this.#copies.send(RESULTS, rows)
  }

  addArtifact(artifact: JunitArtifact, content: string): Promise<void> | undefined {
    const rows = this.#artifacts
    rows.row(6)
    rows.uuid(artifact.id)
    rows.text(content)
    rows.uuid(artifact.owner)
    rows.text(artifact.path)
    rows.json(`{"contentType":"text/plain","resultId":"${artifact.owner}"}`)
    rows.timestamp(this.#target.uploaded)
    return rows.size < BATCH_BYTES ? undefined : this.#sendAll()
  }

  async flush(): Promise<void> {
    await this.#sendAll()
    await this.#copies.settled()
  }

  /** Results first: files refer to them. */
  async #sendAll(): Promise<void> {
    if (!this.#results.isEmpty) await this.#copies.send(RESULTS, this.#results)
    if (!this.#artifacts.isEmpty) await this.#copies.send(ARTIFACTS, this.#artifacts)
  }
}
