/** Deeper levels are indented no further, so that the text cannot grow with the square of the depth. */
const MOST_TABS = 64

/**
 * Indents compact JSON as OpenSIPS prints it with `pretty_printing`: objects over several lines with tabs, also after the
 * colon; arrays in one line.
 * Source: lib/cJSON.c, `cJSON_Print`. Differs: levels below the 64th are indented as that one.
 * @param json made by `JSON.stringify`
 * @param maxUnits length of the result at most, in UTF-16 units
 * @returns undefined when it would be longer
 */
export function prettyPrint(json: string, maxUnits: number): string | undefined {
  let text = ''
  let copied = 0
  /** For each open container, whether it is an object. */
  const open: boolean[] = []
  const write = (upTo: number, more: string): void => {
    text += json.slice(copied, upTo) + more
    copied = upTo
  }
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case '"':
        at = endOfString(json, at)
        break
      case '{':
        open.push(true)
        write(at + 1, json[at + 1] === '}' ? '\n' : `\n${tabs(open.length)}`)
        break
      case '[':
        open.push(false)
        break
      case ':':
        write(at + 1, '\t')
        break
      case ',':
        write(at + 1, open.at(-1) ? `\n${tabs(open.length)}` : ' ')
        break
      case '}':
        open.pop()
        write(at, json[at - 1] === '{' ? tabs(open.length) : `\n${tabs(open.length)}`)
        break
      case ']':
        open.pop()
        break
    }
    if (text.length > maxUnits) return undefined
  }
  return text.length + json.length - copied > maxUnits ? undefined : text + json.slice(copied)
}

function endOfString(json: string, start: number): number {
  let at = start + 1
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1
  return at
}

function tabs(count: number): string {
  return '\t'.repeat(Math.min(count, MOST_TABS))
}
