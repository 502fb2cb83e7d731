// The watchdog thread of a worker. When the supervisor writes to its pipe, the main thread has not answered for long: it
// is paused by the inspector, which works in the middle of a loop, and its stack is written back, with a zero byte at the
// end. Plain JavaScript, so that the thread need not load what strips types.
import { Session } from 'node:inspector'
import { Socket } from 'node:net'
import { workerData } from 'node:worker_threads'

// Longer than a healthy main thread drains when its supervisor is gone.
const SUPERVISOR_GONE_MS = 8_000

const pipe = new Socket({ fd: workerData.fd })
pipe.on('error', () => undefined)
pipe.once('data', writeStack)
// A main thread that hangs can't notice that its supervisor died.
pipe.on('close', () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), SUPERVISOR_GONE_MS))

function writeStack() {
  const session = new Session()
  session.connectToMainThread()
  /** @type {Map<string, string>} */
  const urls = new Map()
  session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url))
  session.once('Debugger.paused', ({ params }) => {
    const lines = params.callFrames.map(({ functionName, location: { scriptId, lineNumber, columnNumber = 0 } }) => {
      return `at ${functionName || '(anonymous)'} (${urls.get(scriptId)}:${lineNumber + 1}:${columnNumber + 1})`
    })
    pipe.write(`${lines.join('\n')}\0`)
    session.post('Debugger.resume')
  })
  session.post('Debugger.enable')
  session.post('Debugger.pause')
}
