import { readFileSync } from 'node:fs'

/** One command as a catalogue file has it. */
export interface RawCommand {
  recipes: string[][]
  params: Record<string, string>
  flags?: string[]
  aliases?: string[]
}

/** A catalogue file. Read apart from the generator, which must not vouch for itself. */
export interface RawCatalogue {
  version: string
  modules: Record<string, { commands: Record<string, RawCommand> }>
}

/** A fresh copy of the catalogue of a release, which a test may spoil. */
export function rawCatalogue(release: string): RawCatalogue {
  return JSON.parse(readFileSync(new URL(`../../catalogue/opensips-${release}.json`, import.meta.url), 'utf8'))
}

/** The commands of a catalogue with the modules that export them. */
export function rawCommands({ modules }: RawCatalogue): { module: string; name: string; command: RawCommand }[] {
  return Object.entries(modules).flatMap(([module, { commands }]) =>
    Object.entries(commands).map(([name, command]) => ({ module, name, command })),
  )
}
