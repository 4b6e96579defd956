import { createSocket } from 'node:dgram'
import { CommandError, implement } from '@mi/contract'
import { createMi } from '@mi/core'
import { datagram } from '@mi/datagram'
import { evi } from '@mi/opensips/evi'
import { onTestFinished } from 'vitest'
import { freeUdpPort } from './free-udp-port.js'

/** A server with events, which it sends over UDP as event_datagram of OpenSIPS does. */
export interface EventServer {
  readonly way: readonly string[]
  /** The sockets of the subscribers of an event that have not unsubscribed. */
  subscribers(event: string): readonly string[]
  /** Sends an event to its subscribers. */
  raise(event: string, params?: object): void
  /** Ends it, and forgets the subscriptions. */
  stop(): Promise<void>
  /** Starts it again at the same port. */
  start(): Promise<void>
}

const EVENTS = ['E_ONE', 'E_TWO', 'E_OTHER', 'E_NO_MODULE']

/** Starts it; it is closed with the test. */
export async function startEventServer(): Promise<EventServer> {
  const port = await freeUdpPort()
  const sender = createSocket('udp4')
  const sockets = new Map<string, Set<string>>()
  const subscribersOf = (event: string): Set<string> => {
    const found = sockets.get(event) ?? new Set()
    sockets.set(event, found)
    return found
  }
  const create = () =>
    createMi({
      modules: [
        implement(evi, {
          list: () => ({ Events: EVENTS.map((name, id) => ({ name, id })) }),
          subscribe: ({ event, socket, expire }) => {
            if (!EVENTS.includes(event) || event === 'E_NO_MODULE') throw new CommandError(400, 'Bad parameter value')
            if (expire === 0) subscribersOf(event).delete(socket)
            else subscribersOf(event).add(socket)
            return 'OK'
          },
          subscribers: () => [],
          raise: ({ event }) => {
            if (subscribersOf(event).size === 0) throw new CommandError(480, 'Temporarily Unavailable')
            return 'OK'
          },
        }),
      ],
      transports: [datagram({ socketName: `udp:127.0.0.1:${port}` })],
      limits: { closeTimeoutMs: 1 },
    })
  let mi = create()
  await mi.listen()
  onTestFinished(async () => {
    await mi.close()
    await new Promise<void>((resolve) => sender.close(() => resolve()))
  })
  return {
    way: ['-u', `udp:127.0.0.1:${port}`],
    subscribers: (event) => [...subscribersOf(event)],
    raise: (event, params) => {
      const text = JSON.stringify({ jsonrpc: '2.0', method: event, params })
      for (const socket of subscribersOf(event)) {
        const [, host = '', to = ''] = socket.split(':')
        sender.send(text, Number(to), host)
      }
    },
    stop: async () => {
      await mi.close()
      sockets.clear()
    },
    start: async () => {
      mi = create()
      await mi.listen()
    },
  }
}
