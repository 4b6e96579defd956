import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { errorCode, errorText } from '@mi/internal/error-text'
import { UsageError } from '../failure.js'

/** The sections of a file, each with its values by key in lower case. */
export type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>

/** The values of one instance. */
export interface Settings {
  /** The file and its section, for messages. */
  readonly origin: string
  /**
   * @returns undefined for a key that is not set
   * @throws UsageError for a reference to a key that is not set
   */
  get(key: string): string | undefined
}

const SYSTEM_FILES = ['/etc/opensips-cli.cfg', '/etc/opensips/opensips-cli.cfg']

/** What holds where a file has no value, for opensips-cli; values of a file may refer to it. */
export const DEFAULT_SETTINGS = {
  communication_type: 'fifo',
  fifo_file: '/var/run/opensips/opensips_fifo',
  fifo_file_fallback: '/tmp/opensips_fifo',
  fifo_reply_dir: '/tmp',
  url: 'http://127.0.0.1:8888/mi',
  datagram_ip: '127.0.0.1',
  datagram_port: '8080',
  datagram_timeout: '1',
  datagram_buffer_size: '65535',
  output_type: 'pretty-print',
} as const

const DEFAULTS: ReadonlyMap<string, string> = new Map(Object.entries(DEFAULT_SETTINGS))

/** The section whose values hold for all others. */
const DEFAULT_SECTION = 'default'

/** How deep values may refer to each other (configparser of Python). */
const MAX_DEPTH = 10

/**
 * Reads the settings of opensips-cli: from the given file, else from the first of its usual files that exists.
 * @param home the user's directory; '' for none
 * @returns undefined where no file exists and none was asked for
 * @throws UsageError for a file that cannot be read or parsed, and for an unknown instance
 */
export function readSettings(
  file: string | undefined,
  instance: string | undefined,
  home: string = homedir(),
): Settings | undefined {
  const places = placesOf(file, home)
  for (const place of places) {
    const text = read(place, file !== undefined)
    if (text !== undefined) return settingsOf(parseIni(text, place), instance, place)
  }
  if (instance === undefined) return undefined
  throw new UsageError(`no configuration file for the instance '${instance}'; looked for ${places.join(', ')}`)
}

function placesOf(file: string | undefined, home: string): readonly string[] {
  if (file !== undefined) return [file]
  return home === '' ? SYSTEM_FILES : [join(home, '.opensips-cli.cfg'), ...SYSTEM_FILES]
}

/** The instances of the file that `readSettings` reads, for completion; none where it cannot be read or parsed. */
export function instanceNames(file: string | undefined, home: string = homedir()): string[] {
  try {
    for (const place of placesOf(file, home)) {
      const text = read(place, false)
      if (text !== undefined) return [...parseIni(text, place).keys()]
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
  }
  return []
}

function read(file: string, mustExist: boolean): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const code = errorCode(cause)
    if (!mustExist && (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR')) return undefined
    const advice = mustExist ? [] : ['It may name the server. To do without it, pass -u URL, or set MI_URL']
    throw new UsageError(`cannot read the configuration file ${file}: ${errorText(cause)}`, { cause, advice })
  }
}

/**
 * Parses a configuration file as configparser of Python does, which opensips-cli uses: `[section]`, `key = value` or
 * `key: value`, comment lines with `#` or `;`, deeper indented lines that continue a value. References are not resolved.
 * @param file for messages
 * @throws UsageError for any other line, and for sections and keys that are repeated
 */
export function parseIni(text: string, file: string): Sections {
  const sections = new Map<string, Map<string, string>>()
  let section: Map<string, string> | undefined
  let open: { readonly key: string; readonly indent: number } | undefined
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)
  for (const [index, line] of lines.entries()) {
    // A file that is not a configuration may have anything.
    const cut = (name: string): string => (name.length > 40 ? `${name.slice(0, 40)}...` : name)
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
      // configparser accepts the default section in several parts.
      if (section !== undefined && name !== DEFAULT_SECTION) throw wrong(`the section [${cut(name)}] is repeated`)
      section ??= new Map()
      sections.set(name, section)
      open = undefined
      continue
    }
    const [, rawKey, value] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(bare) ?? []
    if (rawKey === undefined || value === undefined) throw wrong('expected [section] or key = value')
    if (section === undefined) throw wrong(`'${cut(rawKey)}' comes before the first [section]`)
    const key = rawKey.toLowerCase()
    if (section.has(key)) throw wrong(`'${cut(key)}' is repeated in its section`)
    section.set(key, value)
    open = { key, indent }
  }
  return sections
}

/**
 * The values of one section; the others come from [default]. References, `%(key)s`, are resolved as opensips-cli does it: in
 * every section but [default], whose values it takes as they are written.
 * @param instance the section. Left out: [default]
 * @param file for messages
 * @throws UsageError for an instance that the file does not have
 */
export function settingsOf(sections: Sections, instance: string | undefined, file: string): Settings {
  const name = instance ?? DEFAULT_SECTION
  const section = sections.get(name)
  if (section === undefined && name !== DEFAULT_SECTION) {
    const others = [...sections.keys()]
    throw new UsageError(
      `${file} has no instance '${name}'; ${others.length === 0 ? 'it has no section' : `it has ${others.join(', ')}`}`,
    )
  }
  const shared = sections.get(DEFAULT_SECTION)
  const raw = (key: string): string | undefined => section?.get(key) ?? shared?.get(key)
  const origin = `${file} [${name}]`
  const interpolate = (value: string, depth: number): string => {
    if (depth > MAX_DEPTH) throw new UsageError(`${origin}: values refer to each other in a circle`)
    return value.replace(/%%|%\(([^)]+)\)s/g, (_, key: string | undefined) => {
      if (key === undefined) return '%'
      const other = raw(key.toLowerCase()) ?? DEFAULTS.get(key.toLowerCase())
      if (other === undefined) throw new UsageError(`${origin}: %(${key})s refers to '${key}', which is not set`)
      return interpolate(other, depth + 1)
    })
  }
  return {
    origin,
    get: (key) => {
      const value = raw(key)
      return value === undefined || name === DEFAULT_SECTION ? value : interpolate(value, 1)
    },
  }
}
