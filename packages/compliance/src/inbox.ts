/** The answers that a raw peer has received and nobody has taken yet. */
export interface Inbox {
  /** Takes in what has arrived: one whole answer. Needs no `this`. */
  readonly push: (text: string) => void
  /** As `RawPeer.receive`: the oldest answer, or null when none comes within the time. Needs no `this`. */
  readonly receive: (withinMs: number) => Promise<string | null>
}

/** Does the waiting of `RawPeer.receive`, which is the same in every harness. */
export function createInbox(): Inbox {
  const texts: string[] = []
  let wake: (() => void) | undefined
  return {
    push: (text) => {
      texts.push(text)
      wake?.()
    },
    receive: async (withinMs) => {
      if (texts.length === 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, withinMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      return texts.shift() ?? null
    },
  }
}
