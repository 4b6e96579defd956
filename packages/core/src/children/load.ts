import { type CreateTransport, isMiModule, type MiModule, type ServerTransport } from '@mi/contract'
import type { Configuration } from './messages.js'

/**
 * Imports the modules that a child serves.
 * @throws TypeError when the file exports none; what importing it throws
 */
export async function loadModules(url: string): Promise<MiModule[]> {
  const found = new Set<MiModule>()
  for (const exported of Object.values(await importAll(url))) {
    for (const each of Array.isArray(exported) ? exported : [exported]) if (isMiModule(each)) found.add(each)
  }
  if (found.size > 0) return [...found]
  throw new TypeError(
    `${url} exports no MI module: export what implement(contract, handlers) returns, or an array of them`,
  )
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
