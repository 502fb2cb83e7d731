import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type { CopyTransaction } from '../db/copy-transaction.ts'
import { BinaryRows } from './binary-rows.ts'
import { BATCH_BYTES, CopyBatches } from './copy-batches.ts'
import type { ImportedRows, StagedArtifact, StagedResult } from './imported-rows.ts'

const RESULTS = `staged_results (seq, id, folder, test_id, result, data, params, duration, start_time, source, env,
  component, project_id)`
const ARTIFACTS = 'staged_artifacts (seq, id, owner, folder, path, entry, link, content)'

/**
 * Temporary tables that take what a file holds, in batches, before any of it is seen by others; `merge-*.ts` then moves
 * it over. They live in the transaction and vanish with it.
 */
export class Staging implements ImportedRows {
  readonly #tx: CopyTransaction
  readonly #copies: CopyBatches
  readonly #results = new BinaryRows()
  readonly #artifacts = new BinaryRows()
  resultCount = 0
  artifactCount = 0

  constructor(tx: CopyTransaction, maxBytes: number) {
    this.#tx = tx
    this.#copies = new CopyBatches(tx, maxBytes)
  }

  /** Makes the tables; more than `maxBytes` of rows in all is refused. */
  static async open(tx: CopyTransaction, maxBytes: number): Promise<Staging> {
    await tx.query({
      text: `create temporary table staged_results (seq integer, id uuid, folder text, test_id text, result text,
          data jsonb, params jsonb, duration double precision, start_time text, source text, env text, component text,
          project_id uuid) on commit drop`,
    })
    await tx.query({
      text: `create temporary table staged_artifacts (seq integer, id uuid, owner uuid, folder text, path text,
          entry text, link text, content bytea) on commit drop`,
    })
    // Compressing here would only be done and undone for nothing.
    await tx.query({ text: 'alter table staged_artifacts alter column content set storage external' })
    return new Staging(tx, maxBytes)
  }

  /** Takes a result; resolves when there is room for the next one. */
  addResult(result: StagedResult): Promise<void> | undefined {
    const rows = this.#results
    rows.row(13)
    rows.int(this.resultCount++)
    rows.uuid(result.id)
    rows.texts(result.folder, result.testId, result.result)
    rows.json(result.data)
    rows.json(result.params)
    rows.float(result.duration)
    rows.texts(result.startTime, result.source, result.env, result.component)
    rows.uuid(result.projectId)
    return rows.size < BATCH_BYTES ? undefined : this.#copies.send(RESULTS, rows)
  }

  /** Takes a file whose bytes, or text, are at hand; null content is a link's. */
  addArtifact(artifact: StagedArtifact, content: Buffer | string | null): Promise<void> | undefined {
    this.#artifactHead(artifact)
    if (content === null) this.#artifacts.null()
    else if (typeof content === 'string') this.#artifacts.text(content)
    else this.#artifacts.bytes(content)
    return this.#artifacts.size < BATCH_BYTES ? undefined : this.#copies.send(ARTIFACTS, this.#artifacts)
  }

  /** Takes a file of `size` bytes as they come; fewer or more of them break the copy, and with it the import. */
  async streamArtifact(artifact: StagedArtifact, content: AsyncIterable<Buffer>, size: number): Promise<void> {
    this.#artifactHead(artifact)
    this.#artifacts.bytesAhead(size)
    await this.#copies.settled()
    const copy = this.#tx.copyIn(`copy ${ARTIFACTS} from stdin (format binary)`)
    const done = finished(copy)
    done.catch(() => undefined)
    if (!copy.write(this.#artifacts.takeOpen())) await Promise.race([once(copy, 'drain'), done])
    for await (const chunk of content) {
      if (!copy.write(chunk)) await Promise.race([once(copy, 'drain'), done])
    }
    copy.end(BinaryRows.end)
    await done
  }

  /** Sends what is left. */
  async flush(): Promise<void> {
    if (!this.#results.isEmpty) await this.#copies.send(RESULTS, this.#results)
    if (!this.#artifacts.isEmpty) await this.#copies.send(ARTIFACTS, this.#artifacts)
    await this.#copies.settled()
  }

  #artifactHead(artifact: StagedArtifact): void {
    const rows = this.#artifacts
    rows.row(8)
    rows.int(this.artifactCount++)
    rows.uuid(artifact.id)
    rows.uuid(artifact.owner)
    rows.texts(artifact.folder, artifact.path, artifact.entry, artifact.link)
  }
}
