import { accessSync, closeSync, constants, openSync, readFileSync, type Stats, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname } from 'node:path'
import { errorCode, errorText } from '@mi/internal/error-text'
import { quoteWord } from '../arguments/shell-words.js'
import { type Finding, note, ok, problem } from './finding.js'
import { type Place, USUAL_FIFOS } from './place.js'
import { fifoParameter, serverProcesses } from './processes.js'

const STICKY = 0o1000
const WRITABLE_BY_ALL = 0o002
const WRITABLE_BY_GROUP = 0o020

type FilePlace = Extract<Place, { kind: 'fifo' | 'unix' }>

/** Checks the FIFO or socket of a server and the directory of the replies. Ends at the first problem. */
export function* fileChecks(place: FilePlace): Generator<Finding> {
  const what = place.kind === 'fifo' ? 'FIFO' : 'UNIX socket'
  const [first = '', ...others] = place.kind === 'fifo' ? place.paths : [place.path]
  const path = [first, ...others].find((each) => statOf(each) !== undefined) ?? first
  if (path !== first) yield note(what, `${first} does not exist; the next place is ${path}`)
  const stats = statOf(path)
  if (stats === undefined) return void (yield missing(what, place.kind, path))
  const isRight = place.kind === 'fifo' ? stats.isFIFO() : stats.isSocket()
  if (!isRight) return void (yield otherKind(what, path, stats))
  yield ok(what, `${path} (${ownerOf(stats)})`)
  if (!mayAccess(path, constants.W_OK)) return void (yield noPermission(place.kind, path, stats))
  yield ok('permission', `${userName()} may write to it`)
  if (place.kind === 'fifo') yield* stickyNote(path, stats)
  const replies = replyDirectory(place.replyDir)
  yield replies
  if (replies.state === 'problem' || place.kind !== 'fifo') return
  yield reader(path)
}

function missing(what: string, kind: FilePlace['kind'], path: string): Finding {
  const directory = dirname(path)
  if (statOf(directory) !== undefined && !mayAccess(directory, constants.X_OK)) {
    const text = `${userName()} may not look into ${directory}`
    return problem(what, text, 'Run it as a user who may, for example:', '$ sudo mi doctor')
  }
  const processes = serverProcesses()
  const [main] = processes
  if (main === undefined) {
    const start = ['OpenSIPS does not run on this machine. Start it:', '$ sudo systemctl start opensips']
    return problem(what, `${path} does not exist`, ...start)
  }
  const runs = `OpenSIPS runs (process ${main.pid})`
  if (kind === 'unix') {
    const fix = `${runs}: the path must be the socket_name of its mi_datagram. Look:`
    return problem(what, `${path} does not exist`, fix, `$ grep -n mi_datagram ${main.config}`)
  }
  const configs = new Set(processes.map(({ config }) => config))
  const named = [...configs].map((config) => fifoParameter(config, 'fifo_name'))
  const elsewhere = [...named, ...USUAL_FIFOS].find(
    (each) => each !== undefined && each !== path && statOf(each)?.isFIFO(),
  )
  const fix =
    elsewhere === undefined
      ? [`${runs}: the path must be the fifo_name of its mi_fifo. Look:`, `$ grep -n mi_fifo ${main.config}`]
      : [`${runs}, and there is a FIFO at ${elsewhere}. Try it:`, `$ mi doctor -u ${quoteWord(`fifo:${elsewhere}`)}`]
  return problem(what, `${path} does not exist`, ...fix)
}

function otherKind(what: string, path: string, stats: Stats): Finding {
  const name = quoteWord(path)
  if (stats.isDirectory()) return problem(what, `${path} is a directory`, `Give the path of the ${what} itself with -u`)
  if (stats.isSocket())
    return problem(what, `${path} is a UNIX socket`, 'Use it as one:', `$ mi doctor -u unix:${name}`)
  if (stats.isFIFO()) return problem(what, `${path} is a FIFO`, 'Use it as one:', `$ mi doctor -u fifo:${name}`)
  const why = 'Somebody wrote to the path while the server was down. Remove the file, and start the server again:'
  return problem(what, `${path} is a regular file`, why, `$ sudo rm ${name} && sudo systemctl restart opensips`)
}

function noPermission(kind: FilePlace['kind'], path: string, stats: Stats): Finding {
  const me = userName()
  const group = nameIn('/etc/group', stats.gid)
  const asOwner = `$ sudo -u ${nameIn('/etc/passwd', stats.uid)} mi doctor`
  const isGroupEnough = (stats.mode & WRITABLE_BY_GROUP) !== 0 && stats.gid !== 0
  const lasting = isGroupEnough
    ? [`Become a member of its group, and log in again:`, `$ sudo usermod -aG ${group} ${me}`]
    : [
        `Let a group write to it: set ${kind === 'fifo' ? 'fifo_mode and fifo_group of mi_fifo' : 'unix_socket_mode and unix_socket_group of mi_datagram'}`,
      ]
  return problem(
    'permission',
    `${me} may not write to ${path} (${ownerOf(stats)})`,
    ...lasting,
    'Or run it as its owner:',
    asOwner,
  )
}

/** The kernel's rule is about opening with O_CREAT, which shells and opensips-cli do, and `mi` does not. */
function* stickyNote(path: string, { uid }: Stats): Generator<Finding> {
  const directory = dirname(path)
  const stats = statOf(directory)
  if (stats === undefined || (stats.mode & STICKY) === 0 || (stats.mode & WRITABLE_BY_ALL) === 0) return
  const isProtected = Number(textOf('/proc/sys/fs/protected_fifos')) > 0
  if (!isProtected || uid === stats.uid || uid === process.getuid?.()) return
  yield note(
    'directory',
    `${directory} is sticky: there the kernel keeps shells and opensips-cli from the FIFOs of other users ` +
      '(fs.protected_fifos). mi is not affected',
    'Better keep the FIFO elsewhere: modparam("mi_fifo", "fifo_name", "/run/opensips/opensips_fifo")',
  )
}

function replyDirectory(directory: string): Finding {
  const check = 'reply directory'
  const stats = statOf(directory)
  const same = 'It must be the reply_dir of the server: give that with --reply-dir DIR'
  if (stats === undefined) {
    return problem(check, `${directory} does not exist`, `${same}. Or create it:`, `$ mkdir ${quoteWord(directory)}`)
  }
  if (!stats.isDirectory()) return problem(check, `${directory} is not a directory`, same)
  if (!mayAccess(directory, constants.W_OK | constants.X_OK)) {
    return problem(
      check,
      `${userName()} may not create files in ${directory} (${ownerOf(stats)})`,
      'Run it as its owner:',
      `$ sudo -u ${nameIn('/etc/passwd', stats.uid)} mi doctor`,
      'Or let the server use another one, and name it with --reply-dir DIR: modparam("mi_fifo", "reply_dir", "DIR")',
    )
  }
  return ok(check, `${directory}: ${userName()} may create files in it`)
}

/** A FIFO without a reader cannot be opened for writing. Nothing is written. */
function reader(path: string): Finding {
  try {
    closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK))
    return ok('reader', `a process reads ${path}`)
  } catch (error) {
    if (errorCode(error) !== 'ENXIO') return problem('reader', `cannot open ${path}: ${errorText(error)}`)
    const [main] = serverProcesses()
    const fix =
      main === undefined
        ? ['The server that made it has ended. Start it again:', '$ sudo systemctl start opensips']
        : [
            `OpenSIPS runs (process ${main.pid}), but does not read it. Look for its fifo_name:`,
            `$ grep -n mi_fifo ${main.config}`,
          ]
    return problem('reader', `no process reads ${path}`, ...fix)
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    // Not there, or not to be seen: the checks say which.
    return undefined
  }
}

function mayAccess(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

function ownerOf({ uid, gid, mode }: Stats): string {
  const permissions = (mode & 0o7777).toString(8).padStart(4, '0')
  return `user ${nameIn('/etc/passwd', uid)}, group ${nameIn('/etc/group', gid)}, mode ${permissions}`
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A user without an entry, as in containers.
    return `user ${process.getuid?.() ?? 'of this process'}`
  }
}

/** The name of a user or a group; its number where it has none. */
function nameIn(file: string, id: number): string {
  const entry = textOf(file)
    .split('\n')
    .find((line) => line.split(':')[2] === String(id))
  return entry?.split(':')[0] ?? String(id)
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Other platforms have no such file.
    return ''
  }
}
