import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { isAbsolute } from 'node:path'

/** A server on this machine. */
export interface ServerProcess {
  readonly pid: number
  /** Stopped by a signal or a debugger: it answers nothing until it continues. */
  readonly isStopped: boolean
  /** Its configuration file, where it can be known. */
  readonly config: string | undefined
}

/** OpenSIPS has some dozens; more say nothing more. */
const MAX_PROCESSES = 1000

/**
 * The processes that have a file open, as far as this user may look; else the processes of OpenSIPS on this machine. None where
 * there is no /proc.
 * @param path the file; undefined for none
 */
export function serverProcesses(path?: string | undefined): ServerProcess[] {
  const named: ServerProcess[] = []
  const holders: ServerProcess[] = []
  for (const name of list('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid || named.length + holders.length === MAX_PROCESSES) continue
    const [, command, state] = /^\d+ \((.*)\) (\w)/s.exec(read(`/proc/${name}/stat`)) ?? []
    // Z has ended, and nobody has asked for its status yet.
    if (command === undefined || state === 'Z') continue
    const isHolder = path !== undefined && hasOpen(name, path)
    if (!isHolder && command !== 'opensips') continue
    const config = command === 'opensips' ? configOf(name) : undefined
    const found = { pid: Number(name), isStopped: state === 'T' || state === 't', config }
    if (isHolder) holders.push(found)
    else named.push(found)
  }
  return (holders.length > 0 ? holders : named).sort((a, b) => a.pid - b.pid)
}

/** A parameter of mi_fifo in a configuration of OpenSIPS; undefined where it is not set, or the file cannot be read. */
export function fifoParameter(config: string | undefined, name: 'fifo_name' | 'reply_dir'): string | undefined {
  if (config === undefined || !isAbsolute(config)) return undefined
  const line = new RegExp(`^[^#]*modparam\\(\\s*"mi_fifo"\\s*,\\s*"${name}"\\s*,\\s*"([^"]+)"`, 'm')
  return line.exec(read(config))?.[1]
}

function hasOpen(pid: string, path: string): boolean {
  return list(`/proc/${pid}/fd`).some((fd) => link(`/proc/${pid}/fd/${fd}`) === path)
}

function configOf(pid: string): string {
  const words = read(`/proc/${pid}/cmdline`).split('\0')
  const at = words.findIndex((word) => /^-f/.test(word))
  const given = words[at]?.slice(2) || words[at + 1]
  // As it was given: OpenSIPS leaves the directory in which it was started.
  return at === -1 || given === undefined ? '/etc/opensips/opensips.cfg' : given
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    // A process that has ended, or belongs to another user.
    return []
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // As above; or the configuration of another user.
    return ''
  }
}

function link(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    // As above.
    return undefined
  }
}
