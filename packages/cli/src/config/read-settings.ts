import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../usage-error.js'
import { parseIni } from './ini.js'
import { type Settings, settingsOf } from './settings.js'

/**
 * The settings of opensips-cli: those of the given file, else of the first that is there of its usual ones.
 * @param home the user's directory; '' for none
 * @returns undefined where there is no file and none was asked for
 * @throws UsageError for a file that cannot be read or understood, and for an instance that is not there
 */
export function readSettings(
  file: string | undefined,
  instance: string | undefined,
  home: string = homedir(),
): Settings | undefined {
  const usual = ['/etc/opensips-cli.cfg', '/etc/opensips/opensips-cli.cfg']
  const own = home === '' ? [] : [join(home, '.opensips-cli.cfg')]
  const places = file !== undefined ? [file] : [...own, ...usual]
  for (const place of places) {
    const text = read(place, file !== undefined)
    if (text !== undefined) return settingsOf(parseIni(text, place), instance, place)
  }
  if (instance === undefined) return undefined
  throw new UsageError(`there is no configuration file with the instance '${instance}': none of ${places.join(', ')}`)
}

function read(file: string, mustBeThere: boolean): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (!mustBeThere && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(`the configuration file ${file} cannot be read: ${why}`, { cause })
  }
}
