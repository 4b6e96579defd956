import { AssertionError } from 'node:assert'

const pollMs = 5

/** Waits for a promise, with a time limit: what hangs fails its own test, by name. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AssertionError({ message: `${what}: not done after ${ms} ms` })), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Waits until a condition holds. */
export async function until(ms: number, what: () => string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + ms
  while (!condition()) {
    if (performance.now() > deadline) throw new AssertionError({ message: `${what()}, after ${ms} ms` })
    await pause(pollMs)
  }
}

/** Lets a time pass in which a condition must go on to hold: the only way to see that something does not happen. */
export async function throughout(ms: number, what: () => string, condition: () => boolean): Promise<void> {
  const end = performance.now() + ms
  do {
    if (!condition()) throw new AssertionError({ message: what() })
    await pause(pollMs)
  } while (performance.now() < end)
  if (!condition()) throw new AssertionError({ message: what() })
}

/** Lets the event loop turn a few times, so that what the system knows already reaches those who listen for it. */
export async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
