import type { ChildProcess } from 'node:child_process'

/** How long a process that has exited may have messages on their way. */
const LAST_MESSAGES_MS = 1_000

/** How a child process ended. */
export interface ProcessEnd {
  readonly code: number | null
  readonly signal: string | null
  /** Why it was never started. */
  readonly error: Error | undefined
}

/** Resolves when a process has ended and what it had sent before has arrived. */
export async function processEnd(process: ChildProcess): Promise<ProcessEnd> {
  const end = await new Promise<ProcessEnd>((resolve) => {
    process.once('exit', (code, signal) => resolve({ code, signal, error: undefined }))
    process.on('error', (error) => {
      // Without a pid it was never started, and 'exit' does not come. Else a message could not be sent, and 'exit' comes.
      if (process.pid === undefined) resolve({ code: null, signal: null, error })
    })
  })
  if (process.connected) await disconnected(process)
  return end
}

/** 'exit' may come before the last messages; 'disconnect' comes after them. */
function disconnected(process: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LAST_MESSAGES_MS)
    process.once('disconnect', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
