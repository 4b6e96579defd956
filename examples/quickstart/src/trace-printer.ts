import type { MiTracer } from '@mi/contract'
import { createHepCollector, type HepArrival, hep } from '@mi/trace-hep'

/** How long `settled` waits for traces, in milliseconds. */
const WAIT_MS = 30_000

/** Prints commands as a capture server such as Homer would see them. */
export interface TracePrinter extends AsyncDisposable {
  /** Sends the traces; an option of transports. */
  readonly tracer: MiTracer
  /** Resolves when the replies to so many commands were printed: traces arrive a little later than replies. */
  settled(commands: number): Promise<void>
}

/** Makes a tracer, and a collector on this machine that receives its traces over UDP. */
export async function startTracePrinter(print: (line: string) => void): Promise<TracePrinter> {
  const collector = createHepCollector({ udp: { host: '127.0.0.1', port: 0 } })
  let replies = 0
  let onReply = (): void => {}
  collector.on('message', ({ mi }: HepArrival) => {
    if (mi?.kind !== 'reply') return
    const { request, elapsedMs, reply } = mi
    replies++
    print(`.. HEP: ${request?.command} over ${request?.backend}, ${elapsedMs?.toFixed(3)} ms: ${reply}`)
    onReply()
  })
  await collector.listen()
  const { port } = collector.addresses.udp ?? {}
  return {
    tracer: hep(`[here]127.0.0.1:${port};transport=udp`, { format: 'homer6' }),
    async settled(commands) {
      await new Promise<void>((resolve, reject) => {
        const late = (): void =>
          reject(new Error(`only ${replies} of ${commands} commands were traced in ${WAIT_MS} ms`))
        const timer = setTimeout(late, WAIT_MS)
        onReply = () => {
          if (replies < commands) return
          clearTimeout(timer)
          resolve()
        }
        onReply()
      })
    },
    [Symbol.asyncDispose]: () => collector.close(),
  }
}
