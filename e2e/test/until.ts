import { setTimeout as wait } from 'node:timers/promises'

/** Polls until a condition holds. @throws Error after the deadline, naming what was waited for */
export async function until(what: string, holds: () => boolean, deadlineMs = 60_000): Promise<void> {
  const deadline = performance.now() + deadlineMs
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`waited ${deadlineMs} ms in vain: ${what}`)
    await wait(10)
  }
}
