/** What a URL leads to. Undefined is the default of the transport. */
export type MiUrl =
  | { readonly kind: 'fifo'; readonly fifoName: string | undefined }
  | { readonly kind: 'udp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'http'; readonly url: string }

const forms =
  "'fifo:/run/opensips/opensips_fifo', 'udp:127.0.0.1:8080', 'unix:/run/opensips/mi.sock' or 'http://127.0.0.1:8888/mi'"

/**
 * Takes apart what names a server. Paths are taken as they are written: nothing in them is decoded.
 * @param where who asks, for messages
 * @throws TypeError for anything else; the text is not in the message, since it may hold a password
 */
export function parseMiUrl(where: string, text: string): MiUrl {
  const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/s.exec(text) ?? []
  switch (scheme) {
    case 'fifo':
      return { kind: 'fifo', fifoName: rest === '' ? undefined : path(where, scheme, rest) }
    case 'unix':
      return { kind: 'unix', path: path(where, scheme, rest) }
    case 'udp':
      return { kind: 'udp', ...hostAndPort(where, rest) }
    case 'http':
    case 'https':
      return { kind: 'http', url: text }
    default:
      throw new TypeError(`${where}: the server must be named as ${forms}`)
  }
}

/** `/run/x`, `run/x`, and `///run/x` as URLs have it. */
function path(where: string, scheme: string, rest: string): string {
  const bare = rest.startsWith('///') ? rest.slice(2) : rest
  if (bare !== '' && !bare.startsWith('//')) return bare
  throw new TypeError(
    `${where}: ${scheme}: wants a path behind it, such as ${scheme}:/run/opensips/mi, not ${scheme}:${rest}`,
  )
}

/** `127.0.0.1:8080`, `[::1]:8080`, with or without `//` before it. */
function hostAndPort(where: string, rest: string): { host: string; port: number } {
  const [, host, port] = /^(?:\/\/)?(\[[^\]]+\]|[^:/]+):(\d{1,5})\/?$/.exec(rest) ?? []
  if (host !== undefined && port !== undefined) return { host, port: Number(port) }
  throw new TypeError(`${where}: udp: wants a host and a port, such as udp:127.0.0.1:8080, not udp:${rest}`)
}
