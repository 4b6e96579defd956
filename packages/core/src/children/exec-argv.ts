/** Options of Node.js that are for the main program alone: what it evaluates, the port it is debugged on. */
const OWN_OPTION =
  /^(?:--inspect(?:-|=|$)|--debug-port|--input-type|--watch(?:-|=|$)|--test(?:-|=|$)|--check$|--interactive$|-c$|-i$)/

/** Options of the main program alone whose value is the next argument. */
const OWN_OPTION_WITH_VALUE = /^(?:--eval|--print|-e|-p|-pe|--input-type|--inspect-port|--debug-port|--watch-path)$/

/**
 * The options of Node.js that a child gets of those that its parent runs with: all but what would start the parent's program,
 * or a second debugger on the same port.
 */
export function childExecArgv(execArgv: readonly string[]): string[] {
  return execArgv.filter((argument, index) => {
    if (OWN_OPTION.test(argument) || OWN_OPTION_WITH_VALUE.test(argument)) return false
    return !OWN_OPTION_WITH_VALUE.test(execArgv[index - 1] ?? '')
  })
}

/** `NODE_OPTIONS` without the debugger's. */
export function childNodeOptions(options: string): string {
  return options.replaceAll(/(?<=^|\s)--inspect(?:-[a-z-]+)?(?:=\S+)?(?=\s|$)/g, '').trim()
}
