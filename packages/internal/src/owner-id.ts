import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { MiError } from '@mi/contract'

const run = promisify(execFile)

/**
 * The number of a user or group given by name or number. The local files are asked first, then the system's databases
 * (`getent`), which may lie on the network.
 * @param option name of the option that holds the owner, for messages
 * @throws MiError `MI_LISTEN` when there is no such user or group
 */
export async function ownerId(kind: 'user' | 'group', owner: string | number, option: string): Promise<number> {
  if (typeof owner === 'number') return owner
  if (/^\d+$/.test(owner)) return Number(owner)
  const database = kind === 'user' ? 'passwd' : 'group'
  const id = idIn(await localFile(`/etc/${database}`), owner) ?? idIn(await systemEntry(database, owner), owner)
  if (id !== undefined) return id
  const advice = `create it (${kind}add ${owner}) or name another one`
  throw new MiError('MI_LISTEN', `${option}: there is no ${kind} '${owner}' on this machine; ${advice}`)
}

/** Both databases hold `name:password:number:` in each line. */
function idIn(database: string, name: string): number | undefined {
  for (const line of database.split('\n')) {
    const [entry, , id] = line.split(':')
    if (entry === name && id !== undefined && /^\d+$/.test(id)) return Number(id)
  }
  return undefined
}

async function localFile(path: string): Promise<string> {
  // A machine may do without these files: its databases are then elsewhere.
  return readFile(path, 'utf8').catch(() => '')
}

async function systemEntry(database: string, name: string): Promise<string> {
  // Exits with 2 when there is no entry, and does not exist on macOS: both mean that nothing is found here.
  return run('getent', ['--', database, name]).then(
    ({ stdout }) => stdout,
    () => '',
  )
}
