/**
 * Waits for a promise, no longer than until a signal fires.
 * @param onAbort called once if it does
 * @throws `signal.reason` when it fires
 */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal, onAbort: () => void): Promise<T> {
  let fire = (): void => {}
  const fired = new Promise<never>((_resolve, reject) => {
    fire = () => {
      onAbort()
      reject(signal.reason)
    }
  })
  if (signal.aborted) fire()
  else signal.addEventListener('abort', fire, { once: true })
  try {
    return await Promise.race([promise, fired])
  } finally {
    signal.removeEventListener('abort', fire)
  }
}
