import { nearest } from '@mi/internal/nearest'
import { shown } from '@mi/internal/options'

/** What a URL leads to: a transport and its options. */
export type ServerUrl =
  | {
      readonly kind: 'fifo'
      readonly options: {
        readonly fifoName: string | undefined
        readonly replyDir: string | undefined
        readonly fallback: string | false | undefined
      }
    }
  | { readonly kind: 'udp'; readonly options: { readonly host: string; readonly port: number } }
  | { readonly kind: 'unix'; readonly options: { readonly path: string; readonly replyDir: string | undefined } }
  | { readonly kind: 'http'; readonly options: { readonly url: string } }

const FORMS =
  "'fifo:/run/opensips/opensips_fifo', 'udp:127.0.0.1:8080', 'unix:/run/opensips/mi.sock' or 'http://127.0.0.1:8888/mi'"

const SCHEMES: readonly string[] = ['fifo', 'udp', 'unix', 'http', 'https']

/**
 * Takes apart the URL of a server. Paths are taken as they are written, up to a `?`: nothing in them is decoded.
 * @param where the function that was called, for messages
 * @throws TypeError for anything else; the text is not in the message, since it may hold a password
 */
export function parseServerUrl(where: string, text: string): ServerUrl {
  const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/is.exec(text) ?? []
  const [before = '', query] = split(rest, '?')
  switch (scheme.toLowerCase()) {
    case 'fifo': {
      const { reply_dir: replyDir, fallback } = parameters(where, scheme, query, ['reply_dir', 'fallback'])
      const fifoName = before === '' ? undefined : path(where, scheme, before)
      return { kind: 'fifo', options: { fifoName, replyDir, fallback: fallback === 'false' ? false : fallback } }
    }
    case 'unix': {
      const { reply_dir: replyDir } = parameters(where, scheme, query, ['reply_dir'])
      return { kind: 'unix', options: { path: path(where, scheme, before), replyDir } }
    }
    case 'udp':
      parameters(where, scheme, query, [])
      return { kind: 'udp', options: hostAndPort(where, before) }
    case 'http':
    case 'https':
      return { kind: 'http', options: { url: text } }
    default:
      throw new TypeError(`${where}: ${schemeProblem(scheme)}give the server as ${FORMS}`)
  }
}

function schemeProblem(scheme: string): string {
  if (scheme === '') return ''
  const [meant] = nearest(scheme, SCHEMES)
  return `unknown scheme '${scheme}:'${meant === undefined ? '' : `, did you mean '${meant}:'?`}; `
}

/** @throws TypeError for a parameter that is unknown, empty or given twice */
function parameters<N extends string>(
  where: string,
  scheme: string,
  query: string | undefined,
  names: readonly N[],
): { readonly [K in N]?: string } {
  const found: { [K in N]?: string } = {}
  for (const part of query === undefined || query === '' ? [] : query.split('&')) {
    const [name = '', value] = split(part, '=')
    const known = names.find((each) => each === name)
    if (known === undefined) {
      const [meant] = nearest(name, names)
      const all = names.length === 0 ? 'there are none' : `known parameters: ${names.join(', ')}`
      throw new TypeError(
        `${where}: unknown parameter ${shown(name)} of ${scheme}:; ${meant === undefined ? all : `did you mean '${meant}'?`}`,
      )
    }
    if (found[known] !== undefined) throw new TypeError(`${where}: parameter ${name} of ${scheme}: is given twice`)
    found[known] = decoded(where, name, value)
  }
  return found
}

function decoded(where: string, name: string, value = ''): string {
  try {
    const text = decodeURIComponent(value)
    if (text !== '') return text
  } catch (cause) {
    throw new TypeError(`${where}: a % in parameter ${name} must be written as %25`, { cause })
  }
  throw new TypeError(`${where}: parameter ${name} needs a value, such as ${name}=/run/opensips`)
}

/** The text before the first mark, and the text after it where the mark is there. */
function split(text: string, mark: string): [before: string, after?: string] {
  const at = text.indexOf(mark)
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

/** `/run/x`, `run/x`, and `///run/x` as URLs have it. */
function path(where: string, scheme: string, rest: string): string {
  const bare = rest.startsWith('///') ? rest.slice(2) : rest
  if (bare !== '' && !bare.startsWith('//')) return bare
  throw new TypeError(`${where}: ${scheme}: needs a path, such as ${scheme}:/run/opensips/mi, not ${scheme}:${rest}`)
}

/** `127.0.0.1:8080`, `[::1]:8080`, with or without `//` before it. */
function hostAndPort(where: string, rest: string): { host: string; port: number } {
  const [, host, port] = /^(?:\/\/)?(\[[^\]]+\]|[^:/]+):(\d{1,5})\/?$/.exec(rest) ?? []
  if (host !== undefined && port !== undefined) return { host, port: Number(port) }
  throw new TypeError(`${where}: udp: needs a host and a port, such as udp:127.0.0.1:8080, not udp:${rest}`)
}
