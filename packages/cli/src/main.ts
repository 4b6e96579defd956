#!/usr/bin/env node
import { parseArguments } from './arguments/parse.js'
import { runBench } from './commands/bench.js'
import { runCall } from './commands/call.js'
import { runDoctor } from './commands/doctor.js'
import { runEvents } from './commands/events.js'
import { runHelp } from './commands/help.js'
import { runTrace } from './commands/trace.js'
import { runWatch } from './commands/watch.js'
import { runComplete } from './completion/complete.js'
import { COMPLETE_WORD, runCompletion } from './completion/scripts.js'
import { FAILED, failureOf, OK, printFailure, type Status } from './failure.js'
import { printable } from './printable.js'
import { runShell } from './shell/shell.js'
import type { Terminal } from './terminal.js'

declare const PACKAGE_VERSION: string

const { argv, stdin, stdout, stderr, env } = process

stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of the output has enough, as `head` has: nobody is left to read a message.
  if (error.code === 'EPIPE') process.exit(process.exitCode)
  // The terminal is gone, as its signal says. Exiting here crashes Node.js 20.20 when it resets the terminal.
  if (error.code === 'EIO') return void process.kill(process.pid, 'SIGHUP')
  stderr.write(`mi: cannot write the output: ${error.message}\n`)
  process.exit(FAILED)
})
stderr.on('error', () => {
  // Nothing can be reported; the exit status still says what happened.
})
process.on('uncaughtException', (error) => {
  reportFault(error)
  process.exit(FAILED)
})

try {
  process.exitCode = await run(argv.slice(2), { stdin, stdout, stderr, env })
} catch (error) {
  reportFault(error)
  process.exitCode = FAILED
}

/** Without this Node.js would end with 1, which means that the server has answered an error. */
function reportFault(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  stderr.write(`mi: internal error; please report this:\n${printable(text)}\n`)
}

async function run(args: readonly string[], terminal: Terminal): Promise<Status> {
  try {
    return await act(args, terminal)
  } catch (error) {
    return printFailure(failureOf(error), terminal)
  }
}

async function act(args: readonly string[], terminal: Terminal): Promise<Status> {
  if (args[0] === COMPLETE_WORD) return runComplete(args.slice(1), terminal)
  const action = parseArguments(args)
  switch (action.type) {
    case 'call':
      return runCall(action.target, action.options, terminal)
    case 'version':
      terminal.stdout.write(`mi ${PACKAGE_VERSION}\n`)
      return OK
    case 'help':
      return runHelp(action.command, action.options, terminal)
    case 'shell':
      return runShell(action.options, terminal)
    case 'watch':
      return runWatch(action.target, action.options, terminal)
    case 'bench':
      return runBench(action.target, action.options, terminal)
    case 'trace':
      return runTrace(action.options, terminal)
    case 'events':
      return runEvents(action.names, action.options, terminal)
    case 'doctor':
      return runDoctor(action.options, terminal)
    case 'completion':
      return runCompletion(action.shell, terminal)
  }
}
