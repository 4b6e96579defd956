import { parseArguments } from './arguments/parse.js'
import { runBench } from './commands/bench.js'
import { runCall } from './commands/call.js'
import { runHelp } from './commands/help.js'
import { runTrace } from './commands/trace.js'
import { runWatch } from './commands/watch.js'
import { runComplete } from './completion/complete.js'
import { completeWord } from './completion/complete-word.js'
import { runCompletion } from './completion/completion.js'
import { failureOf, failureText, ok, type Status } from './failure.js'
import { styleFor } from './output/style.js'
import { runShell } from './shell/shell.js'
import { hasColours, type Terminal } from './terminal.js'

declare const PACKAGE_VERSION: string

/**
 * Does what the arguments say.
 * @returns the exit status
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<Status> {
  try {
    return await act(args, terminal)
  } catch (error) {
    const failure = failureOf(error)
    terminal.stderr.write(failureText(failure, styleFor(hasColours(terminal.stderr, terminal.env))))
    return failure.status
  }
}

async function act(args: readonly string[], terminal: Terminal): Promise<Status> {
  if (args[0] === completeWord) return runComplete(args.slice(1), terminal)
  const action = parseArguments(args)
  switch (action.type) {
    case 'call':
      return runCall(action.target, action.options, terminal)
    case 'version':
      terminal.stdout.write(`mi ${PACKAGE_VERSION}\n`)
      return ok
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
    case 'completion':
      return runCompletion(action.shell, terminal)
  }
}
