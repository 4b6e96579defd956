import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { MiError, type RequestSignal } from '@mi/contract'
import { errorCode } from '@mi/internal/error-text'
import { Turns } from '../turns.js'
import { type Attempt, connectionError, statOf } from './fifo-errors.js'

/** The codes that mean "no server here": the next path may have one. */
const ABSENT: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENXIO'])

interface OpenFifo {
  readonly fd: number
  readonly path: string
  /** Which FIFO it is: one that was made anew at the same path is another, and another server reads it. */
  readonly from: string
}

/** The server's FIFO, wherever it is: the paths are tried in order, anew for each request. */
export class ServerFifo {
  private readonly turns: Turns
  /** The paths where a part of a request was left; the next one begins on a new line. */
  private readonly torn = new Set<string>()

  constructor(
    private readonly paths: readonly string[],
    maxQueued: number,
  ) {
    this.turns = new Turns(`requests to ${paths[0]}`, 1, maxQueued)
  }

  /**
   * Writes one request line, after those that came before.
   * @param onlyTo the only FIFO that may get it
   * @returns which FIFO has got it
   * @throws MiError `MI_CONNECTION`
   */
  send(line: string, signal: RequestSignal, onlyTo?: string | undefined): Promise<string> {
    return this.turns.run(signal, async () => {
      signal.throwIfAborted()
      const { fd, path, from } = this.open()
      if (onlyTo !== undefined && onlyTo !== from) {
        closeSync(fd)
        throw otherServerError(path)
      }
      const text = this.torn.has(path) ? `\n${line}` : line
      this.torn.delete(path)
      try {
        await writeOut(fd, Buffer.from(text), signal, () => this.torn.add(path))
      } catch (cause) {
        if (signal.aborted) throw cause
        throw connectionError([{ path, cause, file: statOf(path) }])
      }
      return from
    })
  }

  /** @throws MiError `MI_CONNECTION` when no server reads its FIFO */
  assertThere(): void {
    closeSync(this.open().fd)
  }

  private open(): OpenFifo {
    const failed: Attempt[] = []
    for (const path of this.paths) {
      try {
        return openForWriting(path)
      } catch (cause) {
        failed.push({ path, cause, file: statOf(path) })
        if (!ABSENT.has(errorCode(cause))) break
      }
    }
    throw connectionError(failed)
  }
}

/** Never creates the file: it would not be a FIFO, and a server that starts later would have to refuse it. */
function openForWriting(path: string): OpenFifo {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  try {
    const file = fstatSync(fd)
    // The time of its birth, since file systems use inode numbers again; the other times change with every write.
    if (file.isFIFO()) return { fd, path, from: `${path}:${file.dev}:${file.ino}:${file.birthtimeMs}` }
    throw new Error('it is not a FIFO')
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

function otherServerError(path: string): MiError {
  const cause = Object.assign(new Error('it is not the FIFO that the earlier reply came by'), { code: 'OTHER_SERVER' })
  return new MiError('MI_CONNECTION', `another server may read ${path} now; nothing was sent`, { cause })
}

/**
 * Writes all of the bytes to a FIFO that does not block, and closes it. Up to PIPE_BUF bytes (4096 on Linux) go in one
 * piece or not at all; longer ones may be mixed with what other processes write, which no writer can prevent.
 * Waiting for room takes no thread.
 * @param onTorn called when only a part was written, or maybe was
 */
async function writeOut(fd: number, bytes: Buffer, signal: RequestSignal, onTorn: () => void): Promise<void> {
  let written = 0
  try {
    written = writeSync(fd, bytes)
  } catch (error) {
    if (errorCode(error) !== 'EAGAIN') {
      closeSync(fd)
      throw error
    }
  }
  if (written === bytes.length) {
    closeSync(fd)
    return
  }
  try {
    await writeWhenThereIsRoom(fd, bytes.subarray(written), signal)
  } catch (error) {
    onTorn()
    throw error
  }
}

function writeWhenThereIsRoom(fd: number, rest: Buffer, signal: RequestSignal): Promise<void> {
  const socket = adopt(fd)
  return new Promise<void>((resolve, reject) => {
    const onAbort = (): void => {
      reject(signal.reason)
      socket.destroy()
    }
    socket.once('error', reject)
    socket.once('close', () => {
      signal.removeEventListener('abort', onAbort)
      // After an error or an abort this comes too late to change anything.
      resolve()
    })
    signal.addEventListener('abort', onAbort)
    // Not as the callback of end(), which is also called after an error and would hide it.
    socket.once('finish', () => socket.destroy())
    socket.end(rest)
  })
}

function adopt(fd: number): Socket {
  try {
    return new Socket({ fd, readable: false, writable: true })
  } catch (error) {
    closeSync(fd)
    throw error
  }
}
