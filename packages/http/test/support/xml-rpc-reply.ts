/** Reads a methodResponse as this server writes it, by hand: the code under test must not read what it wrote. */
export function readReply(text: string): {
  readonly value?: unknown
  readonly fault?: { readonly faultCode: number; readonly faultString: string }
} {
  const tokens = text.replace(/^<\?xml[^>]*\?>\r\n/, '').match(/<[^>]*>|[^<]+/g) ?? []
  let at = 0
  const next = (): string => tokens[at++] ?? ''
  const skipBlanks = (): void => {
    while (tokens[at]?.trim() === '') at++
  }
  const expectTag = (tag: string): void => {
    skipBlanks()
    const found = next()
    if (found !== tag) throw new Error(`expected ${tag}, found ${found} in ${text}`)
  }
  const content = (tag: string): string => {
    const found = tokens[at]?.startsWith('<') === false ? next() : ''
    expectTag(`</${tag}>`)
    return found.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#13;', '\r').replaceAll('&amp;', '&')
  }
  const value = (): unknown => {
    expectTag('<value>')
    const found = typed(next())
    expectTag('</value>')
    return found
  }
  const typed = (tag: string): unknown => {
    switch (tag) {
      case '<string>':
        return content('string')
      case '<int>':
        return Number(content('int'))
      case '<double>':
        return Number(content('double'))
      case '<boolean>':
        return content('boolean') === '1'
      case '<nil/>':
        return null
      case '<array>': {
        expectTag('<data>')
        const items: unknown[] = []
        while (tokens[at] === '<value>') items.push(value())
        expectTag('</data>')
        expectTag('</array>')
        return items
      }
      case '<struct>': {
        const members: [string, unknown][] = []
        while (tokens[at] === '<member>') {
          expectTag('<member>')
          expectTag('<name>')
          members.push([content('name'), value()])
          expectTag('</member>')
        }
        expectTag('</struct>')
        return Object.fromEntries(members)
      }
      default:
        throw new Error(`unknown type ${tag}`)
    }
  }
  expectTag('<methodResponse>')
  skipBlanks()
  if (tokens[at] === '<fault>') {
    at++
    skipBlanks()
    return { fault: value() as { faultCode: number; faultString: string } }
  }
  expectTag('<params>')
  expectTag('<param>')
  skipBlanks()
  return { value: value() }
}
