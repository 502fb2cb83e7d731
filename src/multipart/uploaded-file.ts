/** A file part of a multipart body, held in memory up to the limit of its property (`x-max-bytes`). */
export interface UploadedFile {
  /** The part's own file name; clients send "file" or "blob" here, so it names nothing. */
  readonly name: string
  readonly type: string
  /** Bytes seen so far; larger than the limit when `truncated`. */
  readonly size: number
  readonly bytes: Buffer
  readonly truncated: boolean
}
