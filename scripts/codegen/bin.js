#!/usr/bin/env node
// Plain JavaScript: it must run on a Node that is too old for the rest, to say so.
const NEEDED = 24

if (Number(process.versions.node.split('.', 1)[0]) < NEEDED) {
  process.stderr.write(
    `ibutsu-codegen needs Node ${NEEDED} or newer, this is ${process.versions.node}. ` +
      'In a checkout, "npx ibutsu-codegen" and "npm run codegen" bring their own.\n',
  )
  process.exit(2)
}

const { enableCompileCache } = await import('node:module')
enableCompileCache()
await import('./main.ts')
