import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type DatagramAddress, openDatagram } from '@mi/posix'

const limitMs = 10_000

/** A reply that has not come by then is asked for again: the server may have been about to listen. */
const retryMs = 200

/**
 * Sends one request in a datagram and returns the answer.
 * @param place port on 127.0.0.1, or path of a UNIX socket
 * @param directory for the UNIX socket that takes the answer
 */
export async function askDatagram(
  kind: 'udp' | 'unix',
  place: string,
  directory: string,
  request: string,
): Promise<string> {
  const here: DatagramAddress =
    kind === 'unix'
      ? { type: 'unix', path: join(directory, `ask_${process.pid}_${performance.now()}`) }
      : { type: 'udp4', address: '127.0.0.1', port: 0 }
  const there: DatagramAddress =
    kind === 'unix' ? { type: 'unix', path: place } : { type: 'udp4', address: '127.0.0.1', port: Number(place) }
  let answer: string | null | undefined
  const socket = await openDatagram({
    bind: here,
    mode: 0o666,
    onBatch: ({ texts }) => {
      answer ??= texts[0]
    },
  })
  try {
    const deadline = performance.now() + limitMs
    while (typeof answer !== 'string' && performance.now() < deadline) {
      socket.send([request], [socket.peer(there)])
      for (const end = performance.now() + retryMs; answer === undefined && performance.now() < end; ) await wait(1)
    }
  } finally {
    socket.close()
  }
  if (typeof answer === 'string') return answer
  throw new Error(`${kind} ${place} sent no answer within ${limitMs} ms`)
}
