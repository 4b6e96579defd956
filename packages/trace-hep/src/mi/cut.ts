const scratch = new TextEncoder()

/**
 * The beginning of a text that has at most so many octets in UTF-8. No character is ever cut in two.
 * @param maxBytes from 0 up
 */
export function cutUtf8(text: string, maxBytes: number): string {
  // No UTF-16 unit takes more than three octets.
  if (text.length * 3 <= maxBytes) return text
  const beginning = text.length > maxBytes ? text.slice(0, maxBytes) : text
  const bytes = Buffer.byteLength(beginning)
  // As many octets as units: ASCII, of which the cut above was right.
  if (bytes === beginning.length) return beginning
  if (beginning === text && bytes <= maxBytes) return text
  // Of the whole text, for `slice` may have parted two halves of one character. The memory is no larger than the cut.
  const { read } = scratch.encodeInto(text, new Uint8Array(maxBytes))
  return text.slice(0, read)
}
