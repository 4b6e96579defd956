import type { Place } from './round-trip.js'

/**
 * One line for a POSIX shell that asks the server by hand: makes a reply FIFO, waits on it, writes a request, and removes
 * the FIFO again. The outer parentheses keep the shell's directory and its list of jobs as they are.
 */
export function shellLine({ fifoName, replyDir }: Place): string {
  const request = '{"jsonrpc":"2.0","method":"cache_fetch","params":["local","greeting"],"id":1}'
  return (
    `(cd ${quoted(replyDir)} && mkfifo -m 600 r && ` +
    `{ cat r & printf ':r:${request}\\n' > ${quoted(fifoName)}; wait; rm r; echo; })`
  )
}

/** One line that makes the same call through the client. */
export function clientLine({ fifoName }: Place, callScript: string): string {
  const params = '{"system":"local","attr":"greeting"}'
  return `${quoted(process.execPath)} ${quoted(callScript)} ${quoted(fifoName)} cache_fetch '${params}'`
}

/** As it is where no character means anything to the shell, else between apostrophes. */
function quoted(text: string): string {
  return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
