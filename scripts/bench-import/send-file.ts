import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { request } from 'node:http'

export interface FileForm {
  readonly file: string
  /** What it is called in the form. */
  readonly name: string
  readonly fields: Readonly<Record<string, string>>
}

/** Sends an import as a form, streaming from the disk; gives its id. */
export async function sendFile(url: string, token: string, { file, name, fields }: FileForm): Promise<string> {
  const boundary = 'ibutsu-bench-4f1d8a'
  const part = (disposition: string) => `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\n`
  const head = [
    ...Object.entries(fields).map(([key, value]) => `${part(`name="${key}"`)}\r\n${value}\r\n`),
    `${part(`name="importFile"; filename="${name}"`)}content-type: application/octet-stream\r\n\r\n`,
  ].join('')
  const headers = { authorization: `Bearer ${token}`, 'content-type': `multipart/form-data; boundary=${boundary}` }
  const sent = request(url, { method: 'POST', headers })
  const answered = once(sent, 'response')
  sent.write(head)
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 })) {
    if (!sent.write(chunk)) await Promise.race([once(sent, 'drain'), answered])
  }
  sent.end(`\r\n--${boundary}--\r\n`)
  const [answer] = await answered
  const body = Buffer.concat(await answer.toArray()).toString()
  if (answer.statusCode !== 201) throw new Error(`the import was answered with ${answer.statusCode}: ${body}`)
  return JSON.parse(body).id
}
