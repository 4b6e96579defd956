#!/usr/bin/env node
import { notAsked } from './failure.js'
import { printable } from './output/printable.js'
import { run } from './run.js'

const { argv, stdin, stdout, stderr, env } = process

stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever reads the output has enough of it, as `head` has: there is nobody left to tell.
  if (error.code === 'EPIPE') process.exit(process.exitCode)
  // The terminal is gone, as its signal says. Exiting instead, Node.js 20.20 crashes when it sets the terminal right.
  if (error.code === 'EIO') return void process.kill(process.pid, 'SIGHUP')
  stderr.write(`mi: the output could not be written: ${error.message}\n`)
  process.exit(notAsked)
})
stderr.on('error', () => {
  // There is nobody to tell; the exit status still says what it was.
})
process.on('uncaughtException', (error) => {
  tellFault(error)
  process.exit(notAsked)
})

try {
  process.exitCode = await run(argv.slice(2), { stdin, stdout, stderr, env })
} catch (error) {
  tellFault(error)
  process.exitCode = notAsked
}

/** Of itself Node.js would end with 1, which says that the server has answered an error. */
function tellFault(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  stderr.write(`mi: this is a fault of mi itself; please report it\n${printable(text)}\n`)
}
