import type { Options } from '../arguments/options.js'
import { optionsIn } from '../arguments/parse.js'
import { type LineWord, lineWords } from '../arguments/shell-words.js'
import { ok, type Status } from '../failure.js'
import { printable } from '../output/printable.js'
import { openClient } from '../server/open-client.js'
import type { Terminal } from '../terminal.js'
import { UsageError } from '../usage-error.js'
import { candidates } from './candidates.js'
import { serverKnowledge } from './server-knowledge.js'

/**
 * Prints what the word at the end of a line may become, one a line: for the scripts of `mi completion`.
 * @param args the line up to the cursor, and for bash the characters at which it breaks words (COMP_WORDBREAKS)
 */
export async function runComplete(
  [line = '', wordBreaks = '']: readonly string[],
  terminal: Terminal,
): Promise<Status> {
  const { before, word, start } = typedIn(line)
  const { client } = await openClient(serverOptions(before.slice(1)), terminal)
  try {
    const found = await candidates(before.slice(1), word, serverKnowledge(client))
    const kept = keptBy(wordBreaks, unquotedBeginning(line.slice(start)))
    terminal.stdout.write(found.map((name) => `${printable(name.slice(kept), '')}\n`).join(''))
    return ok
  } finally {
    await client.close()
  }
}

/** The words of a line and the one that is being typed, which may be empty. */
export function typedIn(line: string): {
  readonly before: readonly string[]
  readonly word: string
  readonly start: number
} {
  const words = lineWords(line)
  const last: LineWord | undefined =
    /\s$/.test(line) && words.at(-1)?.openQuote === undefined ? undefined : words.at(-1)
  const before = (last === undefined ? words : words.slice(0, -1)).map(({ text }) => text)
  return { before, word: last?.text ?? '', start: last?.start ?? line.length }
}

/** How much of a word bash keeps in front of what it replaces: it takes `core:ps` for three words. */
function keptBy(wordBreaks: string, word: string): number {
  return Math.max(...[':', '='].map((char) => (wordBreaks.includes(char) ? word.lastIndexOf(char) + 1 : 0)))
}

/** What stands in front of a quote that is open, where bash breaks no words; all of a word that has none. */
function unquotedBeginning(typed: string): string {
  const [{ text, openQuote } = { text: '', openQuote: undefined }] = lineWords(typed)
  if (openQuote === undefined) return text
  const [beginning] = lineWords(typed.slice(0, typed.lastIndexOf(openQuote)))
  return beginning?.text ?? ''
}

/** The line says which server is meant, as far as it is complete. */
function serverOptions(words: readonly string[]): Options {
  try {
    return optionsIn(words)
  } catch (error) {
    if (error instanceof UsageError) return {}
    throw error
  }
}
