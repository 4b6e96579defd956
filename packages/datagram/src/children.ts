import { type Children, type Dispatcher, MiError } from '@mi/contract'
import {
  type DatagramAddress,
  type DatagramSocket,
  openDatagram,
  openSharedNumbers,
  posixSupport,
  type SharedNumbers,
} from '@mi/posix'
import { type ListedPeers, listedPeers } from './allow.js'
import type { DatagramServerOptions, ResolvedDatagramOptions } from './options.js'
import { RequestCounters } from './request-counters.js'
import { UDP_RECEIVE_BUFFER, UNIX_SEND_BUFFER } from './system-limit.js'
import type { Serving } from './unix-server.js'

/** What a child gets: plain data. */
export interface ChildOptions {
  /** Without what stays in the main process, or cannot be sent to another one. */
  readonly options: Omit<DatagramServerOptions, 'childrenCount' | 'tracer' | 'allow'> & {
    readonly childModule: string
    readonly allow?: ListedPeers | undefined
  }
  readonly childrenCount: number
}

/**
 * Checks that the socket can be served by several processes.
 * @throws MiError `MI_LISTEN` without `childModule`, or in an engine without `processes`; `MI_UNSUPPORTED` without native code
 */
export function assertChildrenPossible(
  { childrenCount, childModule, socketName }: ResolvedDatagramOptions,
  dispatcher: Dispatcher,
): void {
  const asked = `${socketName}: childrenCount is ${childrenCount}`
  if (childModule === undefined) {
    throw new MiError(
      'MI_LISTEN',
      `${asked}, but childModule is missing; give the URL of a module that exports the MI modules to serve, such as ` +
        "new URL('./commands.js', import.meta.url), or leave childrenCount at 1",
    )
  }
  const support = posixSupport()
  if (!support.native) throw new MiError('MI_UNSUPPORTED', `${asked}, which needs native code: ${support.reason}`)
  if (dispatcher.startChildren === undefined) {
    throw new MiError(
      'MI_LISTEN',
      `${asked}, but this engine starts no child processes; install @mi/processes (npm install @mi/processes) and write ` +
        "createMi({ processes: cluster(), ... }), with import { cluster } from '@mi/processes', or leave childrenCount at 1",
    )
  }
}

/**
 * Binds a socket and starts child processes that serve it. They inherit it, and each datagram reaches one of them.
 * @throws MiError `MI_LISTEN`; Error of @mi/posix when the socket cannot be opened
 */
export async function openChildren(
  binding: DatagramAddress,
  options: DatagramServerOptions,
  resolved: ResolvedDatagramOptions,
  dispatcher: Dispatcher,
  onBound: () => void,
): Promise<Serving> {
  const socket = await openDatagram({
    bind: binding,
    mode: 0o600,
    // Never used: this process does not read.
    maxBatch: 1,
    maxMessageBytes: 1,
    ...(binding.type === 'unix' ? { sendBufferBytes: UNIX_SEND_BUFFER } : { receiveBufferBytes: UDP_RECEIVE_BUFFER }),
  })
  let numbers: SharedNumbers | undefined
  try {
    onBound()
    numbers = openSharedNumbers(2 * resolved.childrenCount)
    const serving = new ServingChildren(socket, numbers, dispatcher)
    await serving.start(childOptions(options, resolved))
    return serving
  } catch (error) {
    socket.close()
    numbers?.close()
    throw error
  }
}

class ServingChildren implements Serving {
  private children: Children | undefined
  private closing: Promise<void> | undefined

  constructor(
    private readonly socket: DatagramSocket,
    private readonly numbers: SharedNumbers,
    private readonly dispatcher: Dispatcher,
  ) {}

  async start(options: ChildOptions): Promise<void> {
    this.children = await this.dispatcher.startChildren?.({
      count: options.childrenCount,
      modules: options.options.childModule,
      transport: new URL('./child.js', import.meta.url),
      options,
      descriptors: [this.socket.fd, this.numbers.fd],
      processType: 'MI Datagram',
      onDeath: (index) => this.accountFor(index),
    })
  }

  close(): Promise<void> {
    this.closing ??= this.closeOnce()
    return this.closing
  }

  private async closeOnce(): Promise<void> {
    await this.children?.close()
    this.socket.close()
    this.numbers.close()
  }

  /** Counts what a child had taken and not answered when it died. */
  private accountFor(index: number): void {
    const counters = new RequestCounters(this.numbers.values, index)
    const unanswered = counters.open
    counters.reset()
    if (unanswered > 0) this.dispatcher.drop('child_died', { child: index + 1 }, unanswered)
  }
}

function childOptions(
  options: DatagramServerOptions,
  { childModule = '', childrenCount }: ResolvedDatagramOptions,
): ChildOptions {
  const { childrenCount: _count, tracer: _tracer, allow, ...rest } = options
  return { childrenCount, options: { ...rest, allow: listedPeers(allow), childModule } }
}
