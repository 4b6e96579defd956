/** Octets that one UTF-16 unit takes in JSON at most: `\u001f`. */
const MOST_OCTETS = 6

/**
 * An object of texts as cJSON prints it, which `JSON.stringify` does not do: `{` LF, for each member TAB `"key":` TAB
 * `"value"`, members separated by `,` LF, then LF `}`. Members that are '' are left out. Differs: a NUL is escaped and does
 * not end the text.
 * @param members keys that need no escapes, and their texts
 * @param room octets for the whole: texts are cut to fit, never within a character, the first ones last
 * @returns '' when there is no member
 */
export function jsonObject(members: readonly (readonly [string, string])[], room: number): string {
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
  // What stands around each text: TAB "key": TAB "" and a separator of two; and once more two for braces and line feeds.
  const around = present.reduce((sum, [key]) => sum + key.length + 9, 2)
  let left = room - around
  return present.map(([key, value]) => {
    const cut = cutJson(value, left)
    left -= cut.octets
    return [key, cut.text]
  })
}

/** The beginning of a text that takes at most so many octets within quotes. */
function cutJson(text: string, maxOctets: number): { readonly text: string; readonly octets: number } {
  let octets = 0
  let at = 0
  while (at < text.length) {
    const code = text.codePointAt(at) ?? 0
    const more = octetsOf(code)
    if (octets + more > maxOctets) break
    octets += more
    at += code > 0xffff ? 2 : 1
  }
  return { text: text.slice(0, at), octets }
}

function octetsOf(code: number): number {
  if (code >= 0x20 && code < 0x80) return code === 0x22 || code === 0x5c ? 2 : 1
  // Backspace, tab, line feed, form feed, carriage return have short forms.
  if (code < 0x20) return code >= 8 && code <= 13 && code !== 11 ? 2 : MOST_OCTETS
  if (code < 0x800) return 2
  if (code > 0xffff) return 4
  // Half of a character alone is escaped.
  return code >= 0xd800 && code <= 0xdfff ? MOST_OCTETS : 3
}
