const INT32_MAX = 2_147_483_647
const INT32_MIN = -2_147_483_648

/**
 * The parameters of a request as one text: the direct members of the array or object, joined by commas; their names are
 * lost. Of numbers the integer part, within 32 bits; texts as they are; everything else is left out.
 * @param maxBytes what lies beyond so many octets need not be there: the caller cuts the text
 * Source: mi_trace 3.5. Differs: neither long texts nor members that are left out end or spoil the list.
 */
export function flattenParams(params: unknown, maxBytes: number): string {
  if (typeof params !== 'object' || params === null) return ''
  const members: readonly unknown[] = Array.isArray(params) ? params : Object.values(params)
  let text = ''
  for (const member of members) {
    const piece = pieceOf(member)
    if (piece === undefined) continue
    text = text === '' ? piece : `${text},${piece}`
    // A text has at least as many octets as units.
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
