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

/** With what tells which processes are of one server. */
interface FoundProcess extends ServerProcess {
  readonly command: string
  readonly parent: number
  readonly group: number
}

/** OpenSIPS has some dozens; more say nothing more. */
const MAX_PROCESSES = 1000

/** Where a server is asked: the FIFO or UNIX socket, or the port. */
export interface ServerEnd {
  readonly path?: string | undefined
  readonly port?: number | undefined
}

/**
 * The processes of the server that has a file or a port open, as far as this user may look; else all processes of OpenSIPS on this
 * machine. None where there is no /proc.
 */
export function serverProcesses(end: ServerEnd = {}): ServerProcess[] {
  const links = linksTo(end)
  const named: FoundProcess[] = []
  const holders: FoundProcess[] = []
  const others: FoundProcess[] = []
  for (const name of list('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid || named.length + holders.length === MAX_PROCESSES) continue
    const [, command, state, parent, group] = /^\d+ \((.*)\) (\w) (\d+) (\d+)/s.exec(read(`/proc/${name}/stat`)) ?? []
    // Z has ended, and nobody has asked for its status yet.
    if (command === undefined || state === 'Z') continue
    const config = command === 'opensips' ? configOf(name) : undefined
    const isStopped = state === 'T' || state === 't'
    const found = { pid: Number(name), isStopped, config, command, parent: Number(parent), group: Number(group) }
    if (links.size > 0 && hasOpen(name, links)) holders.push(found)
    else if (command === 'opensips') named.push(found)
    else others.push(found)
  }
  if (holders.length === 0) return named.sort((a, b) => a.pid - b.pid)
  // Only one process of OpenSIPS reads the FIFO.
  const relatives = [...named, ...others].filter((each) => holders.some((holder) => areOfOneServer(each, holder)))
  return [...holders, ...relatives].slice(0, MAX_PROCESSES).sort((a, b) => a.pid - b.pid)
}

/** OpenSIPS starts all its processes from the first one, which makes a group for them. */
function areOfOneServer(one: FoundProcess, other: FoundProcess): boolean {
  if (one.command !== other.command || one.group !== other.group) return false
  return one.parent === other.parent || one.parent === other.pid || one.pid === other.parent
}

/** What descriptors of the server's end are links to. */
function linksTo({ path, port }: ServerEnd): Set<string> {
  const links = new Set<string>()
  if (path !== undefined) {
    links.add(path)
    for (const line of read('/proc/net/unix').split('\n')) {
      const [inode, at] = line.trim().split(/\s+/).slice(6)
      if (at === path) links.add(`socket:[${inode}]`)
    }
  }
  if (port === undefined) return links
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  for (const file of ['udp', 'udp6', 'tcp', 'tcp6']) {
    for (const line of read(`/proc/net/${file}`).split('\n')) {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/)
      // Of TCP those that listen (0A); of UDP those that are not connected (07).
      if (local.endsWith(`:${hex}`) && (state === '0A' || state === '07')) links.add(`socket:[${inode}]`)
    }
  }
  return links
}

/** A parameter of mi_fifo in a configuration of OpenSIPS; undefined where it is not set, or the file cannot be read. */
export function fifoParameter(config: string | undefined, name: 'fifo_name' | 'reply_dir'): string | undefined {
  if (config === undefined || !isAbsolute(config)) return undefined
  const line = new RegExp(`^[^#]*modparam\\(\\s*"mi_fifo"\\s*,\\s*"${name}"\\s*,\\s*"([^"]+)"`, 'm')
  return line.exec(read(config))?.[1]
}

function hasOpen(pid: string, links: ReadonlySet<string>): boolean {
  return list(`/proc/${pid}/fd`).some((fd) => links.has(link(`/proc/${pid}/fd/${fd}`) ?? ''))
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
