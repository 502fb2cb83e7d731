import { connect } from 'node:net'

/** Sends bytes as they are and gives all that comes back until the connection ends, or for at most `timeoutMs`. */
export function sendRaw(url: string, text: string | Buffer, timeoutMs = 5_000): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname)
    let answer = ''
    const end = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    const timer = setTimeout(end, timeoutMs)
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      answer += chunk
    })
    socket.on('end', end)
    socket.on('error', end)
    socket.write(text)
  })
}

/** The status lines of all answers in raw bytes. */
export function statusesOf(raw: string): number[] {
  return [...raw.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status))
}
