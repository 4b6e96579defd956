/**
 * Finds how an id was written. `JSON.parse` rounds large numbers (12345678901234567890), overflows others (1e400) and knows
 * no spellings (2.0E+3), yet the answer must carry the id as it was.
 */

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g

/** A member that is a number with a fraction or an exponent. Without one, an integer can only have been written in one way. */
const SPELLED = /:\s*-?\d+[.eE]/

/** The ids of one text as they were written. The text is read when the first is asked for, and once for a whole batch. */
export class WrittenIds {
  private ids: readonly string[] | undefined
  private spelled: boolean | undefined

  /**
   * @param source the whole text, which is valid JSON
   * @param isBatch whether it is a batch, or one request
   */
  constructor(
    private readonly source: string,
    private readonly isBatch: boolean,
  ) {}

  /** Whether an integer may have been written otherwise than JavaScript writes it. */
  get maySpell(): boolean {
    this.spelled ??= SPELLED.test(this.source)
    return this.spelled
  }

  /** @param element which request of a batch; 0 for one request */
  at(element: number): string {
    this.ids ??= writtenIds(this.source, this.isBatch ? 2 : 1)
    return this.ids[element] ?? 'null'
  }
}

/**
 * The text of an id, ready for the answer.
 * @param element which request of a batch; 0 for one request
 * @returns undefined when the value cannot be an id: not a string, a number or null
 */
export function idText(id: unknown, written: WrittenIds, element: number): string | undefined {
  if (id === null) return 'null'
  if (typeof id === 'string') return JSON.stringify(id)
  if (typeof id !== 'number') return undefined
  if (Number.isSafeInteger(id) && id !== 0 && !written.maySpell) return String(id)
  return written.at(element)
}

/**
 * For each request, the token behind its last member `id`, since that is the one that counts.
 * @param level how deep the members of a request are
 */
function writtenIds(source: string, level: 1 | 2): string[] {
  const ids: string[] = []
  let depth = 0
  let index = 0
  let previous = ''
  let key = ''
  for (const [token] of source.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    else if (token === ':') key = previous
    else if (token === ',') {
      if (level === 2 && depth === 1) index++
    } else if (previous === ':' && depth === level && JSON.parse(key) === 'id') ids[index] = token
    previous = token
  }
  return ids
}
