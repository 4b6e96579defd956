import type { Places } from './demo-server.js'

/** Something to paste into another terminal. */
export interface PastedLine {
  readonly what: string
  readonly line: string
}

/**
 * Commands for the program `mi`, over each transport.
 * @param program its file; once `@mi/cli` is installed, `mi` is enough
 */
export function miLines({ fifoName, replyDir, udp, unixSocket }: Places, program: string): PastedLine[] {
  const mi = `node ${quoted(program)}`
  const overUdp = `${mi} -u udp:${udp.host}:${udp.port}`
  return [
    { what: 'A call over UDP', line: `${overUdp} cache_fetch local greeting` },
    {
      what: 'Over the UNIX socket, with the parameters by name',
      line: `${mi} -u unix:${quoted(unixSocket)} --reply-dir ${quoted(replyDir)} cache_store system=local attr=name value=Ada`,
    },
    {
      what: 'The way through the FIFO, checked step by step',
      line: `${mi} -u fifo:${quoted(fifoName)} --reply-dir ${quoted(replyDir)} doctor`,
    },
    { what: 'Statistics, three times', line: `${overUdp} watch -n 1 --count 3 get_statistics cache:` },
    { what: 'A shell with completion and history; exit leaves it', line: overUdp },
  ]
}

const REQUEST = '{"jsonrpc":"2.0","method":"cache_fetch","params":["local","greeting"],"id":1}'

/**
 * One line for a POSIX shell that makes a reply FIFO, reads it, writes a request, and removes the FIFO again. The outer
 * parentheses keep the shell's directory and its list of jobs as they are.
 */
export function fifoLine({ fifoName, replyDir }: Places): PastedLine {
  return {
    what: 'With nothing but a shell, over the FIFO',
    line:
      `(cd ${quoted(replyDir)} && mkfifo -m 600 r && ` +
      `{ cat r & printf ':r:${REQUEST}\\n' > ${quoted(fifoName)}; wait; rm r; echo; })`,
  }
}

/** The same request over HTTP. */
export function curlLine({ url }: Places): PastedLine {
  return {
    what: 'With curl, over HTTP',
    line: `curl -sS -H 'Content-Type: application/json' -d '${REQUEST}' ${url}`,
  }
}

/** A string as one word of a shell. */
function quoted(text: string): string {
  return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
