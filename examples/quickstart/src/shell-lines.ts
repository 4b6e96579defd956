import type { Places } from './demo-server.js'

const REQUEST = '{"jsonrpc":"2.0","method":"cache_fetch","params":["local","greeting"],"id":1}'

/**
 * One line for a POSIX shell that makes a reply FIFO, reads it, writes a request, and removes the FIFO again. The outer
 * parentheses keep the shell's directory and its list of jobs as they are.
 */
export function fifoLine({ fifoName, replyDir }: Places): string {
  return (
    `(cd ${quoted(replyDir)} && mkfifo -m 600 r && ` +
    `{ cat r & printf ':r:${REQUEST}\\n' > ${quoted(fifoName)}; wait; rm r; echo; })`
  )
}

/** One line for bash, which needs nothing else: a write is one datagram, and so is a read. */
export function udpLine({ udp }: Places): string {
  const script = `exec 3<>/dev/udp/${udp.host}/${udp.port}; printf %s '\\''${REQUEST}'\\'' >&3; dd bs=65535 count=1 <&3 2>/dev/null; echo`
  return `bash -c '${script}'`
}

/** One line that makes the same call with the client, over the UNIX socket. */
export function clientLine({ unixSocket }: Places, callScript: string): string {
  const params = '{"system":"local","attr":"greeting"}'
  return `${quoted(process.execPath)} ${quoted(callScript)} unix:${quoted(unixSocket)} cache_fetch '${params}'`
}

/** A string as one word of a shell. */
function quoted(text: string): string {
  return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
