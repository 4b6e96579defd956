/** A traced request, as its payload tells it. */
export interface HepMiRequest {
  readonly command: string
  /** `fifo`, `datagram`, `script`, `json` for HTTP. */
  readonly backend: string
  /** Flattened and maybe cut; undefined when there are none. */
  readonly parameters: string | undefined
}

/** What an MI trace says. */
export type HepMiPayload =
  | ({ readonly kind: 'request' } & HepMiRequest)
  /** Maybe cut. */
  | { readonly kind: 'reply'; readonly reply: string }

/** What OpenSIPS calls its backends. (mi_fifo, mi_datagram, mi_script, mi_http, mi_html, mi_xmlrpc_ng) */
const knownBackends: ReadonlySet<string> = new Set(['fifo', 'datagram', 'script', 'json', 'http', 'xmlrpc'])

/**
 * Reads the payload of an MI trace, in either format. Nothing in the text for HOMER 5 says whether it is a request or a
 * reply: a known backend behind the command does, else the first letters.
 * @param isAnswer whether the correlation id was seen before, which makes it a reply
 * @param homer5Delim what stands between the parts
 */
export function readMiPayload(text: string, isAnswer: boolean, homer5Delim = ':'): HepMiPayload {
  const json = readHomer6(text)
  if (json !== undefined) return json
  const request = isAnswer ? undefined : readHomer5(text, homer5Delim)
  return request ?? { kind: 'reply', reply: text }
}

function readHomer6(text: string): HepMiPayload | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Cut, or a text for HOMER 5 that begins so.
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { command, backend = '', parameters, reply }: Readonly<Record<string, unknown>> = { ...value }
  if (typeof command === 'string' && typeof backend === 'string') {
    return { kind: 'request', command, backend, parameters: typeof parameters === 'string' ? parameters : undefined }
  }
  return typeof reply === 'string' ? { kind: 'reply', reply } : undefined
}

function readHomer5(text: string, delimiter: string): HepMiPayload | undefined {
  // A JSON-RPC answer or a text such as `400 Parse_error`, whose request was not seen.
  if (/^\s*[[{]|^\d{3} /.test(text) || delimiter === '') return undefined
  const parts = text.split(delimiter)
  // A command may hold the delimiter: `core:version`.
  const known = parts.findIndex((part, index) => index > 0 && knownBackends.has(part))
  const at = known === -1 ? 1 : known
  const backend = parts[at]
  if (backend === undefined) return undefined
  const parameters = parts.slice(at + 1)
  return {
    kind: 'request',
    command: parts.slice(0, at).join(delimiter),
    backend,
    parameters: parameters.length === 0 ? undefined : parameters.join(delimiter),
  }
}
