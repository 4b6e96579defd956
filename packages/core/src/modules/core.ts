import { CommandError, implement, invalidParams, type MiModule } from '@mi/contract'
import { ctime } from '../ctime.js'
import type { LogLevel } from '../log-level.js'
import type { ServerIdentity } from '../options.js'
import type { Registry } from '../registry.js'
import { coreContract } from './core-contract.js'

/** What the core commands need to know of their engine. */
export interface CoreHost {
  readonly registry: Registry
  readonly server: ServerIdentity
  readonly logLevel: LogLevel
  readonly allowKill: boolean
  /** Closes the engine and tells the host program. */
  kill(): void
}

/** Replaced by the build with the version of this package. */
declare const PACKAGE_VERSION: string

export function coreModule({ registry, server, logLevel, allowKill, kill }: CoreHost): MiModule {
  const startedAt = new Date()
  const processType = server.processType ?? 'MI server'
  const identity =
    `${server.name ?? 'MI for Node.js'} ` +
    `(${server.version ?? PACKAGE_VERSION} (${process.arch}/${process.platform}))`
  const version = Object.freeze({ Server: identity })
  const withRevision =
    server.revision === undefined ? version : Object.freeze({ ...version, Revision: server.revision })

  return implement(coreContract, {
    uptime() {
      const now = new Date()
      const seconds = Math.floor((now.getTime() - startedAt.getTime()) / 1000)
      return { Now: ctime(now), 'Up since': ctime(startedAt), 'Up time': `${seconds} [sec]` }
    },
    version: ({ revision }) => (revision === undefined ? version : withRevision),
    pwd: () => ({ WD: process.cwd() }),
    arg: () => [process.argv0, ...process.execArgv, ...process.argv.slice(1)],
    which: ({ command }) => which(registry, command),
    ps: () => ({ Processes: [{ ID: 0, PID: process.pid, Type: processType }] }),
    kill() {
      if (!allowKill) throw new CommandError(403, 'Forbidden', 'this server does not allow kill (option allowKill)')
      // The answer goes out first: closing waits for what is in flight, and this command is.
      setImmediate(kill)
      return 'OK' as const
    },
    log_level({ level, pid }) {
      if (level === undefined) {
        return { Processes: [{ PID: process.pid, 'Log level': logLevel.get(), Type: processType }] }
      }
      if (pid !== undefined && pid !== process.pid) throw invalidParams('Bad PID')
      logLevel.set(level)
      return pid === undefined ? { 'New global log level': level } : { 'Log level': level }
    },
    help({ mi_cmd }) {
      if (mi_cmd === undefined) return "Usage: help mi_cmd - returns information about 'mi_cmd'"
      const { contract } = known(registry, mi_cmd)
      return { Help: contract.help ?? 'not available for this command', 'Exported by': contract.module }
    },
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
