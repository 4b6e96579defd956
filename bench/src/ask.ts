import { askDatagram } from './ask-datagram.js'
import { askFifo } from './ask-fifo.js'
import type { Endpoint } from './endpoint.js'

/**
 * Sends one request and returns the whole answer. Written apart from @mi/client: it holds the answers against what they
 * must be, and the floor against the same.
 */
export function ask({ kind, places, directory }: Endpoint, request: string): Promise<string> {
  const [place = '', replyDir = ''] = places
  return kind === 'fifo' ? askFifo(place, replyDir, request) : askDatagram(kind, place, directory, request)
}
