#!/usr/bin/env node
import { notAsked } from './failure.js'
import { run } from './run.js'

const { argv, stdin, stdout, stderr, env } = process

for (const output of [stdout, stderr]) {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    // Whoever reads the output has enough of it, as `head` has: there is nobody left to tell.
    process.exit(process.exitCode)
  })
}

try {
  process.exitCode = await run(argv.slice(2), { stdin, stdout, stderr, env })
} catch (error) {
  // Of itself Node.js would end with 1, which says that the server has answered an error.
  process.exitCode = notAsked
  stderr.write(
    `mi: this is a fault of mi itself; please report it\n${error instanceof Error ? error.stack : String(error)}\n`,
  )
}
