import { closeSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { errorCode } from '../error-code.js'

/**
 * Writes all of the bytes to a FIFO that does not block, and closes it. Up to PIPE_BUF bytes (4096 on Linux) go in one
 * piece or not at all; longer ones may be mixed with what other processes write, which no writer can prevent.
 * Waiting for room takes no thread.
 * @param onTorn called when only a part was written, or maybe was
 */
export async function writeOut(fd: number, bytes: Buffer, signal: AbortSignal, onTorn: () => void): Promise<void> {
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

function writeWhenThereIsRoom(fd: number, rest: Buffer, signal: AbortSignal): Promise<void> {
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
    signal.addEventListener('abort', onAbort, { once: true })
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
