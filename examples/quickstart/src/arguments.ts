import { parseArgs } from 'node:util'

export const usage = `usage: npm start [-- --once]

Starts a server on a FIFO, a UDP port and a UNIX socket, calls it, and serves until Ctrl-C.

  --once   exit after the calls; the exit status is not 0 when one of them failed
  --help   print this text
`

/** What the command line asks for. */
export interface Arguments {
  readonly once: boolean
  readonly help: boolean
}

/** @throws TypeError saying which argument is unknown */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: { once: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
  })
  return { once: values.once, help: values.help }
}
