import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { errorText, resultText } from './responder.js'
import { type UdpFixture, udpFixture } from './udp-fixture.js'

/** What the server was asked to subscribe. */
export interface Subscribed {
  readonly event: string
  readonly socket: string
  readonly expire: number
  /** Asked by a notification, as the end of a subscription is told. */
  readonly isNotification: boolean
}

/** A server end over UDP that takes subscriptions as OpenSIPS 3.5 does, and raises what the test says. */
export interface EventServer extends UdpFixture {
  readonly subscribed: readonly Subscribed[]
  /** Has the server answer no subscription, until it is undone. */
  mute(isMute: boolean): void
  /** Has it refuse them. */
  refuse(): void
  /** Sends the texts to the socket of the last subscription: over TCP as one write on one connection. */
  raise(...texts: readonly string[]): Promise<void>
  /** What came back over that connection. */
  readonly answers: () => string
  /** The connection was ended by the other side. */
  readonly isCut: () => boolean
}

/** What events look like on the wire: `evi_build_payload` of OpenSIPS. */
export function eventText(event: string, params?: unknown, id?: number | null): string {
  return JSON.stringify({ id, jsonrpc: '2.0', method: event, params })
}

export async function eventServer(): Promise<EventServer> {
  const at = await udpFixture()
  const subscribed: Subscribed[] = []
  const udp = createSocket('udp4')
  let tcp: Socket | undefined
  let answers = ''
  let isMute = false
  let isRefusing = false
  at.server.on('evi:subscribe', ({ id, reply }) => reply(errorText(id, -32601, 'Method not found')))
  at.server.on('which', ({ id, reply }) => reply(resultText(id, ['which', 'event_subscribe'])))
  at.server.on('event_subscribe', ({ id, text, params, reply }) => {
    const isNotification = !text.includes('"id"')
    subscribed.push({ ...asSubscription(params), isNotification })
    if (isNotification || isMute) return undefined
    return reply(isRefusing ? errorText(id, 400, 'Bad parameter value') : resultText(id, 'OK'))
  })
  const connection = async (host: string, port: number): Promise<Socket> => {
    if (tcp === undefined || tcp.destroyed) {
      tcp = connect(port, host)
      tcp.setEncoding('utf8').on('data', (text: string) => {
        answers += text
      })
      tcp.on('error', () => undefined)
      await once(tcp, 'connect')
    }
    return tcp
  }
  return {
    ...at,
    subscribed,
    mute: (mute) => {
      isMute = mute
    },
    refuse: () => {
      isRefusing = true
    },
    raise: async (...texts) => {
      const [protocol, host = '', port = ''] = subscribed.at(-1)?.socket.split(':') ?? []
      if (protocol === 'tcp') {
        const open = await connection(host, Number(port))
        await new Promise<void>((resolve) => open.write(texts.join(''), () => resolve()))
        return
      }
      for (const text of texts) {
        await new Promise<void>((resolve) => udp.send(text, Number(port), host, () => resolve()))
      }
    },
    answers: () => answers,
    isCut: () => tcp?.destroyed === true,
    [Symbol.asyncDispose]: async () => {
      tcp?.destroy()
      await new Promise<void>((resolve) => udp.close(() => resolve()))
      await at[Symbol.asyncDispose]()
    },
  }
}

/** True for what the client sends. */
function asSubscription(params: unknown): Omit<Subscribed, 'isNotification'> {
  return params as Omit<Subscribed, 'isNotification'>
}
