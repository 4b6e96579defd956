import { CommandError, coreContract, implement, invalidParams, type MiModule } from '@mi/contract'
import { ctime } from '../ctime.js'
import { andThen } from '../maybe-promise.js'
import type { ServerIdentity } from '../options.js'
import type { Processes } from '../processes.js'
import type { Registry } from '../registry.js'

/** What the core commands need to know of their engine. */
export interface CoreHost {
  readonly registry: Registry
  readonly server: ServerIdentity
  readonly startedAt: Date
  readonly args: readonly string[]
  readonly processes: Processes
  readonly allowKill: boolean
}

/** Replaced by the build with the version of this package. */
declare const PACKAGE_VERSION: string

export function coreModule({ registry, server, startedAt, args, processes, allowKill }: CoreHost): MiModule {
  const identity =
    `${server.name ?? 'MI for Node.js'} ` +
    `(${server.version ?? PACKAGE_VERSION} (${process.arch}/${process.platform}))`
  const version = Object.freeze({ Server: identity })
  const withRevision =
    server.revision === undefined ? version : Object.freeze({ ...version, Revision: server.revision })

  return implement(coreContract, {
    uptime() {
      const now = new Date()
      // A clock that was set back tells less than nothing.
      const seconds = Math.max(0, Math.floor((now.getTime() - startedAt.getTime()) / 1000))
      return { Now: ctime(now), 'Up since': ctime(startedAt), 'Up time': `${seconds} [sec]` }
    },
    version: ({ revision }) => (revision === undefined ? version : withRevision),
    pwd: () => ({ WD: process.cwd() }),
    arg: () => [...args],
    which: ({ command }) => which(registry, command),
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
    help({ mi_cmd }) {
      if (mi_cmd === undefined) return "Usage: help mi_cmd - returns information about 'mi_cmd'"
      const { contract } = known(registry, mi_cmd)
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

function which(registry: Registry, name: string | undefined): string[] | string[][] {
  if (name === undefined) return [...registry.commands].map(({ contract }) => contract.method)
  const ofModule = [...registry.commands].filter(({ contract }) => `${contract.module}:` === name)
  if (ofModule.length > 0) return ofModule.map(({ contract }) => contract.method)
  return known(registry, name).contract.recipes.map((recipe) => Object.keys(recipe))
}

function known(registry: Registry, name: string) {
  const resolution = registry.resolve(name)
  if ('contract' in resolution) return resolution
  throw new CommandError(404, 'unknown MI command')
}
