import { lookup } from 'node:dns/promises'
import net, { isIP } from 'node:net'
import { getSystemErrorName } from 'node:util'
import { type Children, type Dispatcher, MiError } from '@mi/contract'
import type { HttpOptions, ResolvedHttpOptions } from './options.js'

/** What a child gets: plain data. */
export interface ChildOptions {
  readonly options: Omit<HttpOptions, 'childrenCount'> & { readonly childModule: string }
}

/**
 * Binds a socket and starts child processes that listen on it. They inherit it; a connection reaches one of them.
 * @throws MiError `MI_LISTEN`; Error of the system when the socket cannot be bound
 */
export async function openChildren(options: HttpOptions, resolved: ResolvedHttpOptions, dispatcher: Dispatcher) {
  const { childrenCount, childModule, host, port } = resolved
  const asked = `port ${port}: childrenCount is ${childrenCount}`
  if (childModule === undefined) {
    throw new MiError(
      'MI_LISTEN',
      `${asked}, but childModule is missing; give the URL of a module that exports the MI modules to serve, such as ` +
        "new URL('./commands.js', import.meta.url), or leave childrenCount at 1",
    )
  }
  if (dispatcher.startChildren === undefined) {
    throw new MiError(
      'MI_LISTEN',
      `${asked}, but this engine starts no child processes; install @mi/processes (npm install @mi/processes) and write ` +
        "createMi({ processes: cluster(), ... }), with import { cluster } from '@mi/processes', or leave childrenCount at 1",
    )
  }
  const { address } = isIP(host) === 0 ? await lookup(host) : { address: host }
  const socket = bound(address, port)
  const { childrenCount: _count, ...rest } = options
  let children: Children
  try {
    children = await dispatcher.startChildren({
      count: childrenCount,
      modules: childModule,
      transport: new URL('./child.js', import.meta.url),
      options: { options: { ...rest, host: address, port: socket.port, childModule } } satisfies ChildOptions,
      descriptors: [socket.fd],
      processType: 'MI HTTP',
    })
  } catch (error) {
    socket.close()
    throw error
  }
  return {
    port: socket.port,
    boundTo: address,
    async close(): Promise<void> {
      await children.close()
      socket.close()
    },
  }
}

interface BoundSocket {
  readonly fd: number
  readonly port: number
  close(): void
}

/** A socket that is bound and does not listen: this process would take connections, too, if it did. */
function bound(address: string, port: number): BoundSocket {
  const handle = serverHandle(address, port)
  const found: { port?: number } = {}
  handle.getsockname(found)
  return { fd: handle.fd, port: found.port ?? port, close: () => handle.close() }
}

interface ServerHandle {
  readonly fd: number
  getsockname(out: object): number
  close(): void
}

/** How node:cluster binds what its workers share: nothing public binds without listening. */
function serverHandle(address: string, port: number): ServerHandle {
  const { _createServerHandle: create } = net as unknown as {
    readonly _createServerHandle?: (address: string, port: number, family: number) => ServerHandle | number
  }
  if (create === undefined) {
    throw new MiError(
      'MI_UNSUPPORTED',
      'this version of Node.js cannot share a port with child processes: leave childrenCount at 1',
    )
  }
  const handle = create(address, port, isIP(address))
  if (typeof handle !== 'number') return handle
  const code = getSystemErrorName(handle)
  throw Object.assign(new Error(`bind ${code} ${address}:${port}`), { code })
}
