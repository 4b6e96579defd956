import { closeSync, constants, openSync, writeSync } from 'node:fs'

const line = Buffer.from('\n')

/** Whether a FIFO that somebody reads has no room left. */
export function isFull(path: string): boolean {
  return writeBlankLines(path, 1) === 0
}

/** Takes all the room of a FIFO, with blank lines. */
export function fill(path: string): void {
  writeBlankLines(path, Number.POSITIVE_INFINITY)
}

function writeBlankLines(path: string, count: number): number {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  let written = 0
  try {
    while (written < count) written += writeSync(fd, line)
  } catch {
    // EAGAIN: it is full, which is what the callers want to know or have.
  } finally {
    closeSync(fd)
  }
  return written
}
