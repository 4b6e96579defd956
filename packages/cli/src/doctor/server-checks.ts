import type { MiClient } from '@mi/client'
import { isCommandError } from '@mi/contract'
import { loadCatalogue } from '../target/catalogue.js'
import { type Finding, note, ok } from './finding.js'

/** The releases of OpenSIPS that @mi/opensips knows. */
const FIRST_RELEASE = [3, 4] as const
const LAST_RELEASE = [4, 0] as const

/** Checks what an answering server is and has. */
export async function* serverChecks(client: MiClient, release: string, timeoutMs: number): AsyncGenerator<Finding> {
  yield releaseFinding(release)
  const names = await client.commands({ timeoutMs })
  const isCanonical = names.some((name) => name.includes(':'))
  yield ok('names', isCanonical ? 'those of OpenSIPS 4.0, such as core:ps' : 'those of OpenSIPS 3.x, such as ps')
  const modules = isCanonical ? new Set(names.map((name) => name.split(':')[0] ?? '')) : await modulesOf(names)
  yield ok('commands', `${names.length}, of the modules ${[...modules].sort().join(', ')}`)
  yield await statisticsFinding(client, timeoutMs)
}

function releaseFinding(release: string): Finding {
  const [, major, minor] = /^OpenSIPS \((\d+)\.(\d+)/.exec(release) ?? []
  if (major === undefined) return ok('release', `${release}: not an OpenSIPS, but it speaks MI`)
  const at = Number(major) * 1000 + Number(minor)
  const range = `${FIRST_RELEASE.join('.')} to ${LAST_RELEASE.join('.')}`
  const isKnown = at >= FIRST_RELEASE[0] * 1000 + FIRST_RELEASE[1] && at <= LAST_RELEASE[0] * 1000 + LAST_RELEASE[1]
  if (isKnown) return ok('release', `${release}; supported are ${range}`)
  return note(
    'release',
    `${release}; supported are ${range}`,
    'Most commands will work. Help and completion may lack new ones',
  )
}

/** From their names in the catalogue: servers before 4.0 do not say which module a command is of. */
async function modulesOf(names: readonly string[]): Promise<Set<string>> {
  const { find } = await loadCatalogue()
  return new Set(names.map((name) => find(name)?.module ?? 'others'))
}

async function statisticsFinding(client: MiClient, timeoutMs: number): Promise<Finding> {
  try {
    const count = Object.keys(await client.statistics(['all'], { timeoutMs })).length
    if (count > 0) return ok('statistics', `${count} values`)
    return note('statistics', 'none', 'The server has the command, and no values')
  } catch (error) {
    if (!isCommandError(error)) throw error
    return note('statistics', `the server refuses them: ${error.message}`)
  }
}
