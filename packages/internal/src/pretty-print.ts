/**
 * Indents compact JSON the way OpenSIPS prints it with `pretty_printing`: objects over several lines with tabs, also
 * behind the colon; arrays in one line.
 * Source: lib/cJSON.c, `cJSON_Print`.
 */
export function prettyPrint(json: string): string {
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
  }
  return text + json.slice(copied)
}

function endOfString(json: string, start: number): number {
  let at = start + 1
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1
  return at
}

function tabs(count: number): string {
  return '\t'.repeat(count)
}
