import { type OptionSpec, optionSpecs } from '../arguments/options.js'
import { subcommands } from '../arguments/parse.js'

/** What is known from the words in front of the one that is typed. */
export interface LineContext {
  /** The option whose value is typed. */
  readonly option: OptionSpec | undefined
  readonly subcommand: (typeof subcommands)[number] | undefined
  readonly command: string | undefined
  /** The words behind the command. */
  readonly parameters: readonly string[]
}

/** @param before the words in front, without the name `mi` */
export function contextOf(before: readonly string[]): LineContext {
  let option: OptionSpec | undefined
  const words: string[] = []
  for (const word of before) {
    if (option !== undefined) {
      option = undefined
      continue
    }
    option = valueWanted(word)
    if (option === undefined && !/^-[^\d.]/.test(word)) words.push(word)
  }
  const [first] = words
  const isCommand = first === 'trace' && !before.includes('--listen')
  const subcommand = isCommand ? undefined : subcommands.find((name) => name === first)
  const [command, ...parameters] = subcommand === undefined ? words : words.slice(1)
  return { option, subcommand, command, parameters }
}

/** `-o` and `--output` want the next word; `-ojson` and `--output=json` have their value. */
function valueWanted(word: string): OptionSpec | undefined {
  return optionSpecs.find(({ long, short }) => word === `--${long}` || (short !== undefined && word === `-${short}`))
}
