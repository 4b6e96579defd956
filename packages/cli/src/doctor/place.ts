import type { Server } from '../target/connection.js'

/** What the URL of a server leads to. */
export type Place =
  | {
      readonly kind: 'fifo'
      /** In the order in which they are tried. */
      readonly paths: readonly string[]
      readonly replyDir: string
    }
  | { readonly kind: 'unix'; readonly path: string; readonly replyDir: string }
  | { readonly kind: 'udp' | 'http'; readonly host: string; readonly port: number }

/** Where the client looks for a FIFO when none is named. */
export const USUAL_FIFOS = ['/var/run/opensips/opensips_fifo', '/tmp/opensips_fifo'] as const

/** The parts of a URL that the client has accepted. */
export function placeOf({ url, fallback, replyDir }: Pick<Server, 'url' | 'fallback' | 'replyDir'>): Place {
  const [, scheme = '', rest = '', query = ''] = /^(\w+):([^?]*)\??(.*)$/s.exec(url) ?? []
  const setting = (name: string): string | undefined => {
    const pair = query.split('&').find((each) => each.startsWith(`${name}=`))
    return pair === undefined ? undefined : decodeURIComponent(pair.slice(name.length + 1))
  }
  const path = rest.startsWith('///') ? rest.slice(2) : rest
  const replies = setting('reply_dir') ?? replyDir ?? '/tmp'
  switch (scheme.toLowerCase()) {
    case 'fifo': {
      const second = setting('fallback') ?? fallback
      const named = second === undefined || second === 'false' ? [path] : [path, second]
      return { kind: 'fifo', paths: path === '' ? USUAL_FIFOS : named, replyDir: replies }
    }
    case 'unix':
      return { kind: 'unix', path, replyDir: replies }
    case 'udp':
      return {
        kind: 'udp',
        host: path.replace(/^\/\//, '').replace(/:\d+\/?$/, ''),
        port: Number(/:(\d+)\/?$/.exec(path)?.[1]),
      }
    default: {
      const { protocol, hostname, port } = new URL(url)
      return { kind: 'http', host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) }
    }
  }
}

/** Whether a server is on this machine, as far as its name says. */
export function isLocal(place: Place): boolean {
  return !('host' in place) || /^(localhost|127\..*|\[?::1\]?)$/.test(place.host)
}
