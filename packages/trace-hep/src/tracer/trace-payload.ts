/** Bytes that one UTF-16 unit takes in JSON at most: `\u001f`. */
const LARGEST_ESCAPE_BYTES = 6

const INT32_MAX = 2_147_483_647
const INT32_MIN = -2_147_483_648

const ENCODER = new TextEncoder()

/** How the parts of a trace become a payload: plain text for HOMER 5, JSON for HOMER 6. */
export type HepTraceFormat = 'homer5' | 'homer6'

/** What payloads look like. */
export interface PayloadSettings {
  readonly format: HepTraceFormat
  /** Stands between the parts in `homer5`; nothing in them is escaped. */
  readonly homer5Delim: string
  /** Bytes of parameters that are kept. */
  readonly maxParameterBytes: number
  /** Bytes of a reply that are kept. */
  readonly maxReplyBytes: number
}

/**
 * The payload of a traced request: command, backend and parameters, without those that are empty.
 * @param parameters flattened
 * @param room bytes for the whole, which is cut to fit
 * @returns '' when all are empty
 * Source: mi_trace 3.5; the recordings in vectors/hep.json.
 */
export function requestPayload(
  { format, homer5Delim, maxParameterBytes }: PayloadSettings,
  command: string,
  backend: string,
  parameters: string,
  room: number,
): string {
  // The name of a command that does not exist can be as long as a request.
  const name = cutUtf8(command, room)
  const kept = cutUtf8(parameters, maxParameterBytes)
  if (format === 'homer6')
    return jsonObject(
      [
        ['command', name],
        ['backend', backend],
        ['parameters', kept],
      ],
      room,
    )
  return cutUtf8(joined(joined(name, homer5Delim, backend), homer5Delim, kept), room)
}

/**
 * The payload of a traced reply; '' when there is no text.
 * @param room bytes for the whole, which is cut to fit
 */
export function replyPayload({ format, maxReplyBytes }: PayloadSettings, text: string, room: number): string {
  const kept = cutUtf8(text, maxReplyBytes)
  return format === 'homer6' ? jsonObject([['reply', kept]], room) : cutUtf8(kept, room)
}

/**
 * The parameters of a request as one text: the direct members of the array or object, joined by commas; their names are
 * lost. Of numbers it holds the integer part, within 32 bits, and texts as they are; everything else is left out.
 * @param maxBytes the rest of a longer text may be left out: the caller cuts it
 * Source: mi_trace 3.5. Differs: a long text does not end the list, and members that are left out leave no comma.
 */
export function flattenParams(params: unknown, maxBytes: number): string {
  if (typeof params !== 'object' || params === null) return ''
  const members: readonly unknown[] = Array.isArray(params) ? params : Object.values(params)
  let text = ''
  for (const member of members) {
    const piece = pieceOf(member)
    if (piece === undefined) continue
    text = text === '' ? piece : `${text},${piece}`
    // A text has at least as many bytes as units.
    if (text.length > maxBytes) break
  }
  return text
}

function pieceOf(member: unknown): string | undefined {
  if (typeof member === 'string') return member
  return typeof member === 'number' ? String(int32(member)) : undefined
}

/** As cJSON's `valueint`: the nearest that fits. */
function int32(value: number): number {
  if (value >= INT32_MAX) return INT32_MAX
  if (value <= INT32_MIN) return INT32_MIN
  // Not Math.trunc, which knows a negative zero.
  return value | 0
}

function joined(left: string, delimiter: string, right: string): string {
  return left === '' || right === '' ? left + right : left + delimiter + right
}

/**
 * The beginning of a text that has at most so many bytes in UTF-8. No character is ever cut in two.
 * @param maxBytes from 0 up
 */
export function cutUtf8(text: string, maxBytes: number): string {
  // No UTF-16 unit takes more than three bytes.
  if (text.length * 3 <= maxBytes) return text
  const beginning = text.length > maxBytes ? text.slice(0, maxBytes) : text
  const bytes = Buffer.byteLength(beginning)
  // As many bytes as units: ASCII, so the cut above was right.
  if (bytes === beginning.length) return beginning
  if (beginning === text && bytes <= maxBytes) return text
  // The whole text, since `slice` may have cut a character in two. The memory is no larger than the result.
  const { read } = ENCODER.encodeInto(text, new Uint8Array(maxBytes))
  return text.slice(0, read)
}

/**
 * An object of texts as cJSON prints it, which `JSON.stringify` does not do: `{` LF, for each member TAB `"key":` TAB
 * `"value"`, members separated by `,` LF, then LF `}`. Members that are '' are left out. Differs: a NUL is escaped and does
 * not end the text.
 * @param members keys that need no escapes, and their texts
 * @param room bytes for the whole: texts are cut to fit, never within a character, the first ones last
 * @returns '' when there is no member
 */
function jsonObject(members: readonly (readonly [string, string])[], room: number): string {
  let text = ''
  for (const [key, value] of members) {
    if (value !== '') text += `${text === '' ? '{\n' : ',\n'}\t"${key}":\t${JSON.stringify(value)}`
  }
  if (text === '') return ''
  text += '\n}'
  if (text.length * 3 <= room || Buffer.byteLength(text) <= room) return text
  return jsonObject(fitting(members, room), Number.POSITIVE_INFINITY)
}

function fitting(members: readonly (readonly [string, string])[], room: number): [string, string][] {
  const present = members.filter(([, value]) => value !== '')
  // Around each text: TAB "key": TAB "" and a separator of two; then two more for braces and line feeds.
  const around = present.reduce((sum, [key]) => sum + key.length + 9, 2)
  let left = room - around
  return present.map(([key, value]) => {
    const cut = cutJson(value, left)
    left -= cut.bytes
    return [key, cut.text]
  })
}

/** The beginning of a text that takes at most so many bytes within quotes. */
function cutJson(text: string, maxBytes: number): { readonly text: string; readonly bytes: number } {
  let bytes = 0
  let at = 0
  while (at < text.length) {
    const code = text.codePointAt(at) ?? 0
    const more = escapedBytes(code)
    if (bytes + more > maxBytes) break
    bytes += more
    at += code > 0xffff ? 2 : 1
  }
  return { text: text.slice(0, at), bytes }
}

function escapedBytes(code: number): number {
  if (code >= 0x20 && code < 0x80) return code === 0x22 || code === 0x5c ? 2 : 1
  // Backspace, tab, line feed, form feed, carriage return have short forms.
  if (code < 0x20) return code >= 8 && code <= 13 && code !== 11 ? 2 : LARGEST_ESCAPE_BYTES
  if (code < 0x800) return 2
  if (code > 0xffff) return 4
  // Half of a character alone is escaped.
  return code >= 0xd800 && code <= 0xdfff ? LARGEST_ESCAPE_BYTES : 3
}
