import { isIPv4, isIPv6 } from 'node:net'

/** The parts of a `socketName`. */
export type SocketName =
  | { readonly type: 'unix'; readonly path: string }
  /** The host is an IP address without brackets, or a name. */
  | { readonly type: 'udp'; readonly host: string; readonly port: number }

const LOWEST_PORT = 1_024
const HIGHEST_PORT = 65_535

const FORMS = "a path such as '/run/app/mi.sock', or 'udp:HOST:PORT' such as 'udp:127.0.0.1:8080' or 'udp:[::1]:8080'"

/** Bytes that a path may have in `struct sockaddr_un`, without the zero after it. */
export function longestPath(platform: string): number {
  return platform === 'linux' ? 107 : 103
}

/**
 * Parses a `socketName`: a path that begins with `/`, `./` or `../`, or `udp:HOST:PORT` with an IPv6 address in
 * brackets.
 * @throws TypeError, RangeError that name the wrong part
 * Source: mi_datagram 3.5, `socket_name`; its ports too are 1024 to 65535.
 */
export function parseSocketName(name: unknown, platform: string = process.platform): SocketName {
  if (name === undefined || name === '') throw new TypeError(`datagram(): socketName is missing; give ${FORMS}`)
  if (typeof name !== 'string') throw new TypeError(`datagram(): socketName must be a string: ${FORMS}`)
  if (name.startsWith('udp:')) return parseUdp(name)
  if (/^\.{0,2}\//.test(name)) return { type: 'unix', path: checkedPath(name, platform) }
  throw new TypeError(`datagram(): socketName ${quoted(name)} has neither of its forms: ${FORMS}`)
}

function checkedPath(path: string, platform: string): string {
  const wrong = (what: string): TypeError => new TypeError(`datagram(): socketName ${quoted(path)}: the path ${what}`)
  if (path.includes('\0')) throw wrong('holds a NUL character')
  if (/(^|\/)\.{0,2}$/.test(path)) throw wrong('names a directory; add the name of the socket file')
  const bytes = Buffer.byteLength(path)
  const limit = longestPath(platform)
  if (bytes > limit) {
    throw new RangeError(
      `datagram(): socketName ${quoted(path)}: the path has ${bytes} bytes, and the system takes ${limit} at most`,
    )
  }
  return path
}

function parseUdp(name: string): SocketName {
  const wrong = (what: string): TypeError => new TypeError(`datagram(): socketName ${quoted(name)}: ${what}`)
  const parts = /^udp:(?:\[([^\]]*)\]|(.*)):([^:\]]*)$/s.exec(name)
  if (parts === null) throw wrong("there is no port; the form is 'udp:HOST:PORT'")
  const [, bracketed, plain = '', port = ''] = parts
  if (bracketed !== undefined && !isIPv6(bracketed)) throw wrong(`the host ${quoted(bracketed)} is not an IPv6 address`)
  if (bracketed === undefined) {
    if (plain === '') throw wrong("the host is missing; for all addresses give 'udp:0.0.0.0:PORT' or 'udp:[::]:PORT'")
    if (plain.includes(':')) throw wrong(`the host ${quoted(plain)} is not a name; put an IPv6 address in brackets`)
    // Digits and points alone are meant as an address: no name ends with a number.
    if (/^[\d.]+$/.test(plain) && !isIPv4(plain)) throw wrong(`the host ${quoted(plain)} is not an IPv4 address`)
    if (!isHostName(plain)) throw wrong(`the host ${quoted(plain)} is not a host name`)
  }
  return { type: 'udp', host: bracketed ?? plain, port: parsePort(name, port) }
}

function isHostName(host: string): boolean {
  const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i
  return host.length <= 253 && host.split('.').every((part) => label.test(part))
}

function parsePort(name: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port >= LOWEST_PORT && port <= HIGHEST_PORT) return port
  const range = `must be a number from ${LOWEST_PORT} to ${HIGHEST_PORT}`
  throw new RangeError(`datagram(): socketName ${quoted(name)}: the port ${quoted(text)} ${range}`)
}

function quoted(text: string): string {
  return JSON.stringify(text)
}
