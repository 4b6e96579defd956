/** What can be checked: a TCP port of a host. */
export interface Target {
  readonly name: string
  /** A name or an IP address. */
  readonly host: string
  readonly port: number
}

/**
 * Reads a targets file: `name host port` in each line; empty lines and those that begin with `#` say nothing. Of two lines with
 * one name the later counts.
 * @throws SyntaxError that tells the line
 */
export function parseTargets(text: string): Target[] {
  return text.split('\n').flatMap((line, index) => {
    const words = line.trim()
    return words === '' || words.startsWith('#') ? [] : [parseTarget(words, index + 1)]
  })
}

/** The text that `parseTargets` reads the same targets from. */
export function formatTargets(targets: Iterable<Target>): string {
  return Array.from(targets, ({ name, host, port }) => `${name} ${host} ${port}\n`).join('')
}

function parseTarget(words: string, line: number): Target {
  // The same names, hosts and ports as the contract lets in.
  const [, name, host, digits] = /^([\w.-]{1,64})\s+([\w.:-]{1,253})\s+(\d{1,5})$/.exec(words) ?? []
  const port = Number(digits)
  if (name === undefined || host === undefined || !(port >= 1 && port <= 65_535)) {
    throw new SyntaxError(`line ${line} of the targets is no 'name host port': ${JSON.stringify(words)}`)
  }
  return { name, host, port }
}
