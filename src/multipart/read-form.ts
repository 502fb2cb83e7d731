import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import busboy from 'busboy'
import { type ApiError, fail } from '../errors.ts'
import { cleanText } from '../json/clean-json.ts'
import type { UploadedFile } from './uploaded-file.ts'

/** A file property: kept in memory up to `maxBytes`, or handed on as it comes to `store`. */
export interface FileSpec {
  readonly name: string
  readonly maxBytes: number
  /**
   * Takes the bytes as they come in, at its own pace: nothing is read from the socket while it is busy. The form is
   * complete when it has resolved; what it throws ends the form. A form that ends early makes the bytes throw.
   */
  readonly store?: (content: AsyncIterable<Buffer>) => Promise<unknown>
}

/** The part of an operation's `BodySpec` that says which parts its form has. */
export interface FormSpec {
  readonly files: readonly FileSpec[]
  readonly fields: readonly { readonly name: string }[]
}

export interface FormLimits {
  /** The whole body, boundaries and part headers included. */
  readonly bodyBytes: number
  /** One text field (imports.md 1 and 4.1). */
  readonly fieldBytes: number
  readonly parts: number
  /** How much of a refused body is still read, and thrown away, before the connection is cut. */
  readonly drainBytes: number
}

export const FORM_LIMITS: FormLimits = {
  bodyBytes: 64 * 1024 * 1024,
  fieldBytes: 500_000,
  parts: 1000,
  drainBytes: 64 * 1024 * 1024,
}

export interface Form {
  /** Texts by name, as sent, without what PostgreSQL can't hold; JSON in them is not read. Of several the first counts. */
  readonly fields: Record<string, string>
  /** Of several files of one name the first counts. */
  readonly files: Record<string, UploadedFile>
  /** File properties that came more than once. */
  readonly repeated: ReadonlySet<string>
  /** File properties that came without a file: as text, or with an empty file name. */
  readonly unnamed: ReadonlySet<string>
}

/**
 * Reads a multipart/form-data body as it streams in. Parts that the spec does not name are skipped, file parts for a
 * text property are read as text (D20), a file over its limit is cut there, counted on and marked `truncated`.
 * Memory is bounded by the limits of the spec's parts; a file with `store` is not kept, its `bytes` stay empty.
 *
 * The stream ends up read to its end, or draining: after an error up to `drainBytes` more are read so that the client
 * gets the answer and the connection stays usable; what sends more than that is cut off.
 *
 * @throws ApiError broken_multipart, field_too_large, body_too_large.
 */
export function readForm(
  stream: Readable,
  headers: IncomingHttpHeaders,
  spec: FormSpec,
  limits: FormLimits = FORM_LIMITS,
): Promise<Form> {
  return new Promise((resolve, reject) => {
    const parts = collectParts(spec, limits)
    let parser: busboy.Busboy | null = null
    let settled = false

    const stop = (error: ApiError) => {
      if (settled) return
      settled = true
      parser?.destroy()
      parts.destroy(error)
      stream.off('data', onData)
      drain(stream, limits.drainBytes)
      reject(error)
    }
    // What a store throws is not the client's fault: it goes on as it is.
    const stopOther = (error: unknown) => stop(error as ApiError)
    const stopBroken = (error: unknown) => stop(error instanceof Error ? broken(error.message) : broken('unknown'))

    let size = 0
    const onData = (chunk: Buffer) => {
      size += chunk.length
      if (size > limits.bodyBytes) return stop(fail('body_too_large', { limit: limits.bodyBytes }))
      if (parser?.write(chunk) === false && !settled) {
        stream.pause()
        parser.once('drain', () => stream.resume())
      }
    }

    try {
      parser = createParser(headers, limits)
    } catch (error) {
      return stopBroken(error)
    }
    // First of all: to destroy an unfinished parser is an error to it, and without a listener the process would end.
    parser.on('error', stopBroken)
    if (Number(headers['content-length']) > limits.bodyBytes) {
      return stop(fail('body_too_large', { limit: limits.bodyBytes }))
    }
    if (stream.readableEnded || stream.destroyed) return stop(broken('the body was not received'))

    parser.on('partsLimit', () => stop(broken(`more than ${limits.parts} parts`)))
    parser.on('field', (name, text, info) => {
      if (info.valueTruncated && parts.isText(name)) stop(fieldTooLarge(name, limits))
      else parts.addText(name, text)
    })
    parser.on('file', (name, file, info) => {
      // The parser reports it too.
      file.on('error', () => {})
      parts.addFile(name, file, info, stop)
    })
    parser.on('close', () => {
      parts.stored().then(() => {
        if (settled) return
        settled = true
        resolve(parts.form)
      }, stopOther)
    })

    stream.on('data', onData)
    stream.on('end', () => parser?.end())
    stream.on('error', stopBroken)
    // After a regular end the parser is done before, or settles by itself.
    stream.on('close', () => {
      if (!stream.readableEnded) stop(broken('the connection ended before the body did'))
    })
  })
}

function createParser(headers: IncomingHttpHeaders, limits: FormLimits): busboy.Busboy {
  return busboy({
    headers,
    defParamCharset: 'utf8',
    preservePath: true,
    // The parser marks a field as cut when it has reached the limit, not when it has passed it.
    limits: { fieldSize: limits.fieldBytes + 1, parts: limits.parts },
  })
}

function broken(reason: string): ApiError {
  return fail('broken_multipart', { reason })
}

function fieldTooLarge(field: string, { fieldBytes }: FormLimits): ApiError {
  return fail('field_too_large', { field: String(field).slice(0, 100), limit: fieldBytes })
}

/** Throws the rest of a stream away; a client that goes on for too long is cut off. */
function drain(stream: Readable, allowance: number): void {
  let drained = 0
  stream.on('error', () => {})
  stream.on('data', (chunk: Buffer) => {
    drained += chunk.length
    if (drained > allowance) stream.destroy()
  })
  stream.resume()
}

/** Sorts the parts into a form. */
function collectParts(spec: FormSpec, limits: FormLimits) {
  const fileSpecs = new Map(spec.files.map((file) => [file.name, file]))
  const textNames = new Set(spec.fields.map(({ name }) => name))
  const seenFiles = new Set<string>()
  const repeated = new Set<string>()
  const unnamed = new Set<string>()
  const open = new Set<Readable>()
  const stores: Promise<unknown>[] = []
  const form = { fields: {} as Record<string, string>, files: {} as Record<string, UploadedFile>, repeated, unnamed }

  const addText = (name: string, text: string) => {
    if (textNames.has(name)) {
      if (!Object.hasOwn(form.fields, name)) form.fields[name] = cleanText(text)
    } else if (fileSpecs.has(name)) unnamed.add(name)
  }

  const addFile = (name: string, file: Readable, info: busboy.FileInfo, stop: (error: ApiError) => void) => {
    if (textNames.has(name)) {
      collectBytes(file, limits.fieldBytes, ({ bytes, truncated }) => {
        if (truncated) stop(fieldTooLarge(name, limits))
        else addText(name, bytes.toString('utf8'))
      })
      return
    }
    const wanted = fileSpecs.get(name)
    const fresh = wanted !== undefined && info.filename !== undefined && !seenFiles.has(name)
    if (!fresh) {
      if (wanted !== undefined) (info.filename === undefined ? unnamed : repeated).add(name)
      file.resume()
      return
    }
    seenFiles.add(name)
    const about = { name: cleanText(info.filename ?? ''), type: info.mimeType }
    if (!wanted.store) {
      collectBytes(file, wanted.maxBytes, (collected) => {
        form.files[name] = { ...about, ...collected }
      })
      return
    }
    let size = 0
    async function* counted(): AsyncIterable<Buffer> {
      for await (const chunk of file) {
        size += (chunk as Buffer).length
        yield chunk as Buffer
      }
    }
    open.add(file)
    const done = wanted.store(counted()).then(() => {
      form.files[name] = { ...about, size, bytes: Buffer.alloc(0), truncated: false }
    })
    // At once: while it fails, nobody takes the bytes, and the form would never end.
    done.catch(stop)
    stores.push(done)
  }

  const destroy = (error: Error) => {
    for (const file of open) file.destroy(error)
  }

  return {
    form,
    isText: (name: string) => !fileSpecs.has(name),
    addText,
    addFile,
    destroy,
    stored: () => Promise.all(stores),
  }
}

/** Keeps the first `maxBytes` of a part, counts them all. */
function collectBytes(
  part: Readable,
  maxBytes: number,
  done: (collected: { size: number; bytes: Buffer; truncated: boolean }) => void,
): void {
  const chunks: Buffer[] = []
  let size = 0
  part.on('data', (chunk: Buffer) => {
    const room = maxBytes - size
    if (room > 0) chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk)
    size += chunk.length
  })
  part.on('end', () => {
    done({ size, bytes: Buffer.concat(chunks), truncated: size > maxBytes })
  })
}
