import { readFileSync } from 'node:fs'

/** Long enough for a killed process to leave the system call it is in. */
const waitMs = 100

/**
 * Waits, on the way out of the process, until a killed child does nothing more. The loop cannot tell: it no longer
 * turns.
 */
export function waitForDeath(pid: number | undefined): void {
  if (pid === undefined) return
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (let waited = 0; waited < waitMs && runs(pid); waited += 1) Atomics.wait(pause, 0, 0, 1)
}

function runs(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The state follows the name, which is in parentheses and may itself hold some. Z is dead and not yet reaped.
    return stat[stat.lastIndexOf(')') + 2] !== 'Z'
  } catch {
    // Gone; or a platform without /proc, where only the time can be waited for.
    return process.platform !== 'linux'
  }
}
