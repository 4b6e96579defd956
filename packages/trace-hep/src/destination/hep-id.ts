import { isIPv4, isIPv6 } from 'node:net'
import type { HepVersion } from '../message.js'

export const TRANSPORTS = ['udp', 'tcp', 'tls'] as const
export const VERSIONS = [1, 2, 3] as const

/** How packets travel. */
export type HepTransport = (typeof TRANSPORTS)[number]

/** Where packets go: the parts of an OpenSIPS `hep_id`. */
export interface HepPlace {
  /** The name in status and statistics. May be ''. */
  readonly name: string
  /** An IP address without brackets, or a host name. */
  readonly host: string
  readonly port: number
  readonly transport: HepTransport
  readonly version: HepVersion
}

/** The port of a destination without a port, or with port 0. (proto_hep 3.5; its manual still says 5656) */
export const DEFAULT_PORT = 9060
export const DEFAULT_TRANSPORT = 'tcp'
export const DEFAULT_VERSION = 3

const FORM =
  "the form is '[name]host:port; transport=udp|tcp|tls; version=1|2|3', such as '[hep_dst]10.0.0.2;transport=tcp'"

/** A place for people and logs: `tcp:10.0.0.2:9060`, `udp:[::1]:9060`. */
export function addressText({ transport, host, port }: { transport: string; host: string; port: number }): string {
  return host.includes(':') ? `${transport}:[${host}]:${port}` : `${transport}:${host}:${port}`
}

/**
 * Reads a destination in the notation of OpenSIPS: `[name] host[:port][; key=value]...[;]`. Blanks may stand
 * around the name, `host:port`, `;`, keys and values. Keys are lower case, values in any case; the last of two equal keys
 * counts. An IPv6 address goes in brackets, after the name.
 * @throws TypeError, RangeError that name the part which is wrong
 * Source: proto_hep 3.5.6 and 4.0.1, parameter `hep_id`. Differs: IPv6 in brackets works, ports over 65535 are refused, and
 * so is a name with a blank in it.
 */
export function parseHepId(text: string): HepPlace {
  if (typeof text !== 'string') throw new TypeError(`hep(): a destination must be a text or an object; ${FORM}`)
  const [whole, name] = /^\s*\[\s*([^\]\s]*)\s*\]/.exec(text) ?? []
  if (whole === undefined || name === undefined) throw wrongName(text)
  const [place = '', ...parameters] = text.slice(whole.length).split(';')
  // One `;` may end the text.
  if (parameters.length > 0 && isBlank(parameters.at(-1))) parameters.pop()
  const { host, port } = parseHostPort(text, place.trim())
  let transport: HepTransport = DEFAULT_TRANSPORT
  let version: HepVersion = DEFAULT_VERSION
  for (const parameter of parameters) {
    const { key, value } = parseParameter(text, parameter)
    if (key === 'transport') transport = parseTransport(text, value)
    else if (key === 'version') version = parseVersion(text, value)
    else throw wrong(text, `unknown key ${quoted(key)}; the keys are 'transport' and 'version', in lower case`)
  }
  return { name, host, port, transport, version }
}

/**
 * Checks a host, which may be an IPv6 address in brackets.
 * @returns it without brackets
 * @throws TypeError that says what is wrong with it
 */
export function checkedHost(host: string, place: string): string {
  const bracketed = /^\[(.*)\]$/.exec(host)?.[1]
  if (isIPv6(bracketed ?? host)) return bracketed ?? host
  if (bracketed !== undefined) throw wrong(place, `the host ${quoted(bracketed)} is not an IPv6 address`)
  if (host === '') throw wrong(place, `the host is missing; it comes first, after the name; ${FORM}`)
  if (!/^[a-z0-9._-]+$/i.test(host))
    throw wrong(place, `the host ${quoted(host)} is not an IPv4 address or a host name`)
  // Digits and points alone are meant as an address: no host name ends so.
  if (/^[\d.]+$/.test(host) && !isIPv4(host)) throw wrong(place, `the host ${quoted(host)} is not an IPv4 address`)
  return host
}

function parseHostPort(text: string, place: string): { readonly host: string; readonly port: number } {
  const [, scheme, rest] = /^(hep|sip|sips|udp|tcp|tls):(?!:)(.+)$/i.exec(place) ?? []
  if (scheme !== undefined && rest !== undefined && !/^\d+$/.test(rest)) {
    throw wrong(text, `${quoted(`${scheme}:`)} is not part of a destination; write '[name]host:port;transport=udp'`)
  }
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(place) ?? []
  if (/^uri\s*=/i.test(place)) {
    throw wrong(text, `${quoted(place)} is a trace_id of the module tracer; a destination is its hep_id: ${FORM}`)
  }
  if (port?.includes(':')) {
    throw wrong(text, `the host of ${quoted(place)}: an IPv6 address goes in brackets, such as '[hep_dst][::1]:9060'`)
  }
  if (host.includes('=')) throw wrong(text, `the host is missing: ${quoted(place)} is a parameter; ${FORM}`)
  return { host: checkedHost(host, text), port: port === undefined ? DEFAULT_PORT : parsePort(text, port) }
}

function parsePort(text: string, port: string): number {
  if (port === '') throw wrong(text, 'the port after the colon is missing')
  if (!/^\d+$/.test(port)) throw wrong(text, `the port ${quoted(port)} is not a decimal number`)
  const number = Number(port)
  if (number > 65_535) throw new RangeError(`hep(): ${quoted(text)}: the port ${port} is over 65535`)
  return number === 0 ? DEFAULT_PORT : number
}

function parseParameter(text: string, parameter: string): { readonly key: string; readonly value: string } {
  if (isBlank(parameter)) throw wrong(text, "an empty parameter: two ';' follow each other")
  const equals = parameter.indexOf('=')
  if (equals === -1) throw wrong(text, `the parameter ${quoted(parameter.trim())} has no '='`)
  const key = parameter.slice(0, equals).trim()
  const value = parameter.slice(equals + 1).trim()
  if (value === '') throw wrong(text, `the parameter ${quoted(key)} has no value`)
  return { key, value }
}

function parseTransport(text: string, value: string): HepTransport {
  const transport = TRANSPORTS.find((known) => known === value.toLowerCase())
  if (transport !== undefined) return transport
  throw wrong(text, `the transport ${quoted(value)} must be udp, tcp or tls`)
}

function parseVersion(text: string, value: string): HepVersion {
  const version = VERSIONS.find((known) => String(known) === value)
  if (version !== undefined) return version
  throw wrong(text, `the version ${quoted(value)} must be 1, 2 or 3`)
}

function wrongName(text: string): TypeError {
  const inside = /^\s*\[\s*([^\]]*?)\s*\]/.exec(text)?.[1]
  if (inside !== undefined) return wrong(text, `the name ${quoted(inside)} must not contain blanks`)
  if (/^\s*\[/.test(text)) return wrong(text, "the name has no ']' after it")
  return wrong(text, `the name is missing; ${FORM}`)
}

function wrong(text: string, what: string): TypeError {
  return new TypeError(`hep(): ${quoted(text)}: ${what}`)
}

function isBlank(text: string | undefined): boolean {
  return text?.trim() === ''
}

function quoted(text: string): string {
  return JSON.stringify(text)
}
