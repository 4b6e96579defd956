import {
  type AccessCheck,
  type CreateTransport,
  type Interceptor,
  isMiModule,
  type MiModule,
  type ServerTransport,
} from '@mi/contract'
import type { SharedOptions } from '@mi/core'
import type { Configuration } from './channel.js'

/** What the module file of the children gives to the engine of a child. */
export interface ChildModule {
  readonly modules: readonly MiModule[]
  readonly access: AccessCheck | undefined
  readonly interceptors: readonly Interceptor[] | undefined
}

/**
 * Imports what a child serves. Access check and interceptors of the main engine are functions, which no process can send to
 * another one: the file must export its own, or the commands would run without them.
 * @throws TypeError when the file exports no module, or lacks what the main engine has; what importing it throws
 */
export async function loadModule(url: string, needs: SharedOptions['needs']): Promise<ChildModule> {
  const exports = await importAll(url)
  const modules = new Set<MiModule>()
  for (const exported of Object.values(exports)) {
    for (const each of Array.isArray(exported) ? exported : [exported]) if (isMiModule(each)) modules.add(each)
  }
  if (modules.size === 0) {
    throw new TypeError(
      `${url} exports no MI module: export what implement(contract, handlers) returns, or an array of them`,
    )
  }
  const required = <T>(name: string, shape: string, is: (value: unknown) => value is T): T => {
    const value = exports[name]
    if (is(value)) return value
    throw new TypeError(
      `${url} does not export '${name}' (${shape}): createMi() was given ${name}, and functions cannot be sent to a child ` +
        `process; export them from that file too: export const ${name} = ...`,
    )
  }
  return {
    modules: [...modules],
    access: needs.access ? required('access', 'a function', isAccess) : undefined,
    interceptors: needs.interceptors ? required('interceptors', 'an array of functions', areInterceptors) : undefined,
  }
}

/**
 * Imports and makes the transport of a child.
 * @throws TypeError when the file has no `createTransport`, or it returns no transport; what it throws
 */
export async function loadTransport({
  transport: url,
  options,
  descriptors,
  index,
}: Pick<Configuration, 'transport' | 'options' | 'descriptors' | 'index'>): Promise<ServerTransport> {
  const { createTransport } = await importAll(url)
  if (!isFactory(createTransport)) throw new TypeError(`${url} exports no function createTransport(options, inherited)`)
  const transport: unknown = await createTransport(options, { descriptors, index })
  if (!isTransport(transport)) throw new TypeError(`createTransport of ${url} returned no ServerTransport`)
  return transport
}

/** What a file exports, by name. */
async function importAll(url: string): Promise<Record<string, unknown>> {
  return await import(url)
}

function isAccess(value: unknown): value is AccessCheck {
  return typeof value === 'function'
}

function areInterceptors(value: unknown): value is readonly Interceptor[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'function')
}

function isFactory(value: unknown): value is CreateTransport {
  return typeof value === 'function'
}

function isTransport(value: unknown): value is ServerTransport {
  return (
    typeof value === 'object' &&
    value !== null &&
    'listen' in value &&
    typeof value.listen === 'function' &&
    'close' in value &&
    typeof value.close === 'function'
  )
}
