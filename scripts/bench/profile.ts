import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a server's environment needs so that its web workers can be profiled; their sockets are in `sockets`. */
export const profileEnv = (sockets: string): Record<string, string> => ({
  BENCH_PROFILE: sockets,
  NODE_OPTIONS: `--import ${fileURLToPath(new URL('profile-web.ts', import.meta.url))}`,
})

/** Runs `work` while every web worker is profiled; writes `name`-PID.cpuprofile for each into `folder`. */
export async function withProfile<T>(
  sockets: string,
  folder: string,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const workers = (await readdir(sockets)).filter((file) => file.endsWith('.sock'))
  const connections = await Promise.all(
    workers.map(async (file) => {
      const socket = connect(join(sockets, file))
      await once(socket, 'data')
      return { socket, target: join(folder, `${name}-${file.replace('.sock', '.cpuprofile')}`) }
    }),
  )
  try {
    return await work()
  } finally {
    await Promise.all(connections.map(({ socket, target }) => Promise.all([once(socket, 'close'), socket.end(target)])))
  }
}
