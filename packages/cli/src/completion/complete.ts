import type { MiClient } from '@mi/client'
import { isCommandError, isMiError } from '@mi/contract'
import type { Options } from '../arguments/options.js'
import { optionsIn } from '../arguments/parse.js'
import { type LineWord, lineWords } from '../arguments/shell-words.js'
import { OK, type Status, UsageError } from '../failure.js'
import { printable } from '../printable.js'
import { loadCatalogue } from '../target/catalogue.js'
import { instanceNames } from '../target/config-file.js'
import { withClient } from '../target/connection.js'
import { eventNames, statisticNames } from '../target/server-lists.js'
import type { Terminal } from '../terminal.js'
import { candidates, type Knowledge } from './candidates.js'

/** How long the server may take, in milliseconds: somebody waits with a finger on the key. */
const TIMEOUT_MS = 1000

/**
 * Prints what the word at the end of a line may become, one per line: for the scripts of `mi completion`.
 * @param args the line up to the cursor, and for bash the characters at which it breaks words (COMP_WORDBREAKS)
 */
export async function runComplete(
  [line = '', wordBreaks = '']: readonly string[],
  terminal: Terminal,
): Promise<Status> {
  const { before, word, start } = typedIn(line)
  const options = serverOptions(before.slice(1))
  return withClient<Status>(options, terminal, async ({ client }) => {
    const knowledge = knowledgeOf(client, () => instanceNames(options.config, terminal.env.HOME))
    const found = await candidates(before.slice(1), word, knowledge)
    const kept = keptBy(wordBreaks, unquotedBeginning(line.slice(start)))
    // Bash can only add to what it keeps.
    const fitting = found.filter((name) => name.length > kept && name.startsWith(word.slice(0, kept)))
    terminal.stdout.write(fitting.map((name) => `${printable(name.slice(kept), '')}\n`).join(''))
    return OK
  })
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

/** How long names of statistics and events are kept, in milliseconds: where a server does not answer, each Tab waits for it. */
const KEEP_MS = 30_000

/** What a server says about itself with `which`; while it does not answer, what OpenSIPS has. */
export function knowledgeOf(client: MiClient, instances: () => readonly string[] = () => []): Knowledge {
  const limits = { timeoutMs: TIMEOUT_MS }
  const asked = async <T>(ask: () => Promise<T>, otherwise: () => Promise<T>): Promise<T> => {
    try {
      return await ask()
    } catch (error) {
      // A server that does not answer must not disturb typing; anything else is a fault of `mi`.
      if (!isCommandError(error) && !isMiError(error)) throw error
      return otherwise()
    }
  }
  const none = async (): Promise<string[]> => []
  return {
    commands: () =>
      asked(
        () => client.commands(limits),
        async () => (await loadCatalogue()).names,
      ),
    recipes: (command) =>
      asked(
        () => client.recipes(command, limits),
        async () => (await loadCatalogue()).find(command)?.recipes.map((recipe) => Object.keys(recipe)) ?? [],
      ),
    statistics: kept(() => asked(() => statisticNames(client, limits), none)),
    events: kept(() => asked(() => eventNames(client, limits), none)),
    instances,
  }
}

/** Asks once in a while: the shell completes again and again. */
function kept<T>(ask: () => Promise<T>): () => Promise<T> {
  let askedAt = Number.NEGATIVE_INFINITY
  let last: Promise<T> | undefined
  return () => {
    if (last !== undefined && performance.now() - askedAt < KEEP_MS) return last
    askedAt = performance.now()
    last = ask()
    return last
  }
}

/** How many characters of a word bash keeps in front of what it replaces: it splits `core:ps` at the colon. */
function keptBy(wordBreaks: string, word: string): number {
  return Math.max(...[':', '='].map((char) => (wordBreaks.includes(char) ? word.lastIndexOf(char) + 1 : 0)))
}

/** The part before an open quote, within which bash breaks no words; all of a word without one. */
function unquotedBeginning(typed: string): string {
  const [{ text, openQuote } = { text: '', openQuote: undefined }] = lineWords(typed)
  if (openQuote === undefined) return text
  const [beginning] = lineWords(typed.slice(0, typed.lastIndexOf(openQuote)))
  return beginning?.text ?? ''
}

/** The line names the server, as far as it is complete: the value of the last option may be the word that is typed. */
function serverOptions(words: readonly string[]): Options {
  for (const complete of [words, words.slice(0, -1)]) {
    try {
      return optionsIn(complete)
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
    }
  }
  return {}
}
