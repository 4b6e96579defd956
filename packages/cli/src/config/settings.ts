import { UsageError } from '../usage-error.js'
import type { Sections } from './ini.js'

/** The section whose values hold for all others. */
export const defaultSection = 'default'

/** How deep values may refer to each other. (configparser of Python) */
const maxDepth = 10

/** The values of one instance. */
export interface Settings {
  /** For messages: the file and its section. */
  readonly origin: string
  /**
   * @returns undefined for what is not set
   * @throws UsageError for a reference that leads nowhere
   */
  get(key: string): string | undefined
}

/**
 * The values of one section, with those of [default] where it has none.
 * @param instance left out: [default]
 * @param file for messages
 * @throws UsageError for an instance that the file does not have
 */
export function settingsOf(sections: Sections, instance: string | undefined, file: string): Settings {
  const name = instance ?? defaultSection
  const section = sections.get(name)
  if (section === undefined && name !== defaultSection) {
    const others = [...sections.keys()]
    const there = others.length === 0 ? 'it has no section' : `there are ${others.join(', ')}`
    throw new UsageError(`${file} has no instance '${name}'; ${there}`)
  }
  const shared = sections.get(defaultSection)
  const raw = (key: string): string | undefined => section?.get(key) ?? shared?.get(key)
  const origin = `${file} [${name}]`
  const interpolate = (value: string, depth: number): string => {
    if (depth > maxDepth) throw new UsageError(`${origin}: values refer to each other without end`)
    return value.replace(/%%|%\(([^)]+)\)s/g, (_, key: string | undefined) => {
      if (key === undefined) return '%'
      const other = raw(key.toLowerCase())
      if (other === undefined) throw new UsageError(`${origin}: %(${key})s refers to '${key}', which is not set`)
      return interpolate(other, depth + 1)
    })
  }
  return {
    origin,
    get: (key) => {
      const value = raw(key)
      return value === undefined ? undefined : interpolate(value, 1)
    },
  }
}
