/** Only a test that fails waits this long; a busy machine is slow. */
const DEADLINE_MS = 50_000

/** Waits until a condition holds, by looking again and again; fails with the text when it never does. */
export async function until(what: string, holds: () => boolean, seen: () => string = () => ''): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}; seen was: ${seen()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
