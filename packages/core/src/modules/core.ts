import {
  type CommandContract,
  CommandError,
  coreContract,
  implement,
  invalidParams,
  type MiModule,
  type MiPeer,
} from '@mi/contract'
import { mayRun } from '../access.js'
import type { EngineState } from '../execution.js'
import type { ResolvedOptions, ServerIdentity } from '../options.js'
import { andThen, type Processes } from '../processes.js'
import { Command } from '../registry.js'

/** What the core commands need to know of their engine. */
export interface CoreHost {
  readonly engine: Pick<EngineState, 'registry' | 'access'>
  readonly options: Pick<ResolvedOptions, 'server' | 'allowKill' | 'listAliases'>
  readonly startedAt: Date
  readonly args: readonly string[]
  readonly processes: Processes
}

/** Replaced by the build with the version of this package. */
declare const PACKAGE_VERSION: string

/** Who the server says it is. */
export function serverInfo({ name, version }: ServerIdentity): { readonly title: string; readonly version: string } {
  return { title: name ?? 'MI for Node.js', version: version ?? PACKAGE_VERSION }
}

export function coreModule({ engine, options, startedAt, args, processes }: CoreHost): MiModule {
  const { server, allowKill, listAliases } = options
  const { title, version: number } = serverInfo(server)
  const identity = `${title} (${number} (${process.arch}/${process.platform}))`
  const version = Object.freeze({ Server: identity })
  const withRevision =
    server.revision === undefined ? version : Object.freeze({ ...version, Revision: server.revision })

  return implement(coreContract, {
    uptime() {
      const now = new Date()
      // It would be negative where the clock was set back.
      const seconds = Math.max(0, Math.floor((now.getTime() - startedAt.getTime()) / 1000))
      return { Now: ctime(now), 'Up since': ctime(startedAt), 'Up time': `${seconds} [sec]` }
    },
    version: ({ revision }) => (revision === undefined ? version : withRevision),
    pwd: () => ({ WD: process.cwd() }),
    arg: () => [...args],
    which: ({ command }, { peer }) => which(visible(engine, peer), command, listAliases),
    ps: () =>
      andThen(processes.list(), (all) => ({
        Processes: all.map(({ id, pid, type }) => ({ ID: id, PID: pid, Type: type })),
      })),
    kill() {
      if (!allowKill) throw new CommandError(403, 'Forbidden', 'this server does not allow kill (option allowKill)')
      // The answer goes out first: closing waits for what is in flight, and this command is.
      setImmediate(() => processes.kill())
      return 'OK' as const
    },
    log_level({ level, pid }) {
      return level === undefined ? logLevels(processes) : setLogLevel(processes, level, pid)
    },
    help({ mi_cmd }, { peer }) {
      if (mi_cmd === undefined) return "Usage: help mi_cmd - returns information about 'mi_cmd'"
      const contract = visible(engine, peer).find(mi_cmd)
      return { Help: contract.help ?? 'not available for this command', 'Exported by': contract.module }
    },
  })
}

function logLevels(processes: Processes) {
  return andThen(processes.list(), (all) => ({
    Processes: all.map(({ pid, level, type }) => ({ PID: pid, 'Log level': level, Type: type })),
  }))
}

function setLogLevel(processes: Processes, level: number, pid: number | undefined) {
  return andThen(processes.setLevel(level, pid), (known) => {
    if (!known) throw invalidParams('Bad PID')
    return pid === undefined ? { 'New global log level': level } : { 'Log level': level }
  })
}

/** The commands that a peer may run: it sees no others. */
function visible({ registry, access }: CoreHost['engine'], peer: MiPeer) {
  const isShown = (contract: CommandContract): boolean => mayRun(access, contract, peer, undefined)
  return {
    contracts: () => [...registry.commands].map(({ contract }) => contract).filter(isShown),
    /** @throws CommandError 404 */
    find(name: string): CommandContract {
      const command = registry.resolve(name)
      if (command instanceof Command && isShown(command.contract)) return command.contract
      throw new CommandError(404, 'unknown MI command')
    },
  }
}

function which(
  commands: ReturnType<typeof visible>,
  name: string | undefined,
  listAliases: boolean,
): string[] | string[][] {
  const names = ({ method, aliases }: CommandContract): string[] => (listAliases ? [method, ...aliases] : [method])
  if (name === undefined) return commands.contracts().flatMap(names)
  const ofModule = commands.contracts().filter(({ module }) => `${module}:` === name)
  if (ofModule.length > 0) return ofModule.flatMap(names)
  return commands.find(name).recipes.map((recipe) => Object.keys(recipe))
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Local time as C's `ctime` prints it, without its newline: `Wed Feb 20 13:37:25 2019`. */
function ctime(date: Date): string {
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0'))
  const day = String(date.getDate()).padStart(2)
  return `${days[date.getDay()]} ${months[date.getMonth()]} ${day} ${time.join(':')} ${date.getFullYear()}`
}
