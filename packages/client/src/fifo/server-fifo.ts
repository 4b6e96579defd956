import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { errorCode } from '../error-code.js'
import { Turns } from '../turns.js'
import { type Attempt, connectionError, fileFacts } from './connection-error.js'
import { writeOut } from './write-out.js'

/** The codes that mean "no server here": the next path may have one. */
const absent: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENXIO'])

/** The server's FIFO, wherever it is: the paths are tried in order, anew for each request. */
export class ServerFifo {
  private readonly turns: Turns
  /** The paths where a part of a request was left; the next one begins on a line of its own. */
  private readonly torn = new Set<string>()

  constructor(
    private readonly paths: readonly string[],
    maxWaiting: number,
  ) {
    this.turns = new Turns(`requests to ${paths[0]}`, 1, maxWaiting)
  }

  /**
   * Writes one request line, after those that came before.
   * @throws MiError `MI_CONNECTION`
   */
  send(line: string, signal: AbortSignal): Promise<void> {
    return this.turns.run(signal, async () => {
      signal.throwIfAborted()
      const { fd, path } = this.open()
      const text = this.torn.has(path) ? `\n${line}` : line
      this.torn.delete(path)
      try {
        await writeOut(fd, Buffer.from(text), signal, () => this.torn.add(path))
      } catch (cause) {
        if (signal.aborted) throw cause
        throw connectionError([{ path, cause, facts: fileFacts(path) }])
      }
    })
  }

  private open(): { fd: number; path: string } {
    const failed: Attempt[] = []
    for (const path of this.paths) {
      try {
        return { fd: openForWriting(path), path }
      } catch (cause) {
        failed.push({ path, cause, facts: fileFacts(path) })
        if (!absent.has(errorCode(cause))) break
      }
    }
    throw connectionError(failed)
  }
}

/** Never creates the file: it would be no FIFO, and a server that starts later would have to refuse it. */
function openForWriting(path: string): number {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  try {
    if (fstatSync(fd).isFIFO()) return fd
    throw new Error('it is no FIFO')
  } catch (error) {
    closeSync(fd)
    throw error
  }
}
