import { UsageError } from '../usage-error.js'
import { defaultSection } from './settings.js'

/** The sections of a file, each with its values by key in small letters. */
export type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>

/**
 * A configuration file as configparser of Python reads it, which opensips-cli uses: `[section]`, `key = value` or
 * `key: value`, comment lines with `#` or `;`, deeper indented lines that go on with a value. Values are not
 * interpolated yet.
 * @param file for messages
 * @throws UsageError for a line that is none of these, and for what is there twice
 */
export function parseIni(text: string, file: string): Sections {
  const sections = new Map<string, Map<string, string>>()
  let section: Map<string, string> | undefined
  let open: { readonly key: string; readonly indent: number } | undefined
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)
  for (const [index, line] of lines.entries()) {
    const wrong = (problem: string): UsageError => new UsageError(`${file}, line ${index + 1}: ${problem}`)
    const bare = line.trim()
    if (bare === '' || /^[#;]/.test(bare)) continue
    const indent = line.length - line.trimStart().length
    if (section !== undefined && open !== undefined && indent > open.indent) {
      const value = section.get(open.key) ?? ''
      section.set(open.key, value === '' ? bare : `${value}\n${bare}`)
      continue
    }
    const [, name] = /^\[(.+)\]/.exec(bare) ?? []
    if (name !== undefined) {
      section = sections.get(name)
      // configparser takes parts of the section that holds for all others wherever they stand.
      if (section !== undefined && name !== defaultSection) throw wrong(`the section [${name}] is there twice`)
      section ??= new Map()
      sections.set(name, section)
      open = undefined
      continue
    }
    const [, rawKey, value] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(bare) ?? []
    if (rawKey === undefined || value === undefined) throw wrong('neither a [section] nor key = value')
    if (section === undefined) throw wrong(`'${rawKey}' stands before the first [section]`)
    const key = rawKey.toLowerCase()
    if (section.has(key)) throw wrong(`'${key}' is there twice in its section`)
    section.set(key, value)
    open = { key, indent }
  }
  return sections
}
