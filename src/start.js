// Plain JavaScript: it must run on a Node that is too old for the rest, to say so.
const NEEDED = 24

if (Number(process.versions.node.split('.', 1)[0]) < NEEDED) {
  process.stderr.write(
    `Ibutsu needs Node ${NEEDED} or newer, this is ${process.versions.node}. ` +
      'In a checkout, "npm start" brings its own.\n',
  )
  process.exit(2)
}

const { enableCompileCache } = await import('./compile-cache.js')
enableCompileCache()
await import('./main.ts')
