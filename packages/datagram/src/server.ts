import type { Dispatcher, DispatchSettings, ServerTransport } from '@mi/contract'
import { assertChildrenPossible, openChildren } from './children.js'
import { openEndpoint } from './endpoint.js'
import { type DatagramServerOptions, type ResolvedDatagramOptions, resolveOptions } from './options.js'
import { listenOnFile } from './socket-file.js'
import type { OpenStation, Station } from './station.js'
import { listenOnUdp } from './udp-server.js'

/**
 * Serves MI on a UDP or UNIX datagram socket, as mi_datagram of OpenSIPS does. Nothing is opened before `listen`.
 *
 * While it listens on a UNIX socket, SIGHUP makes it look after its file at once, and no longer ends the process.
 * @throws TypeError, RangeError for options that cannot work
 */
export function datagram(options: DatagramServerOptions): ServerTransport {
  return new DatagramServer(options, resolveOptions(options))
}

class DatagramServer implements ServerTransport {
  readonly name = 'datagram'
  readonly settings: DispatchSettings
  private serving: { close(): Promise<void> } | undefined
  private closing: Promise<void> | undefined

  constructor(
    private readonly options: DatagramServerOptions,
    private readonly resolved: ResolvedDatagramOptions,
  ) {
    // The commands that it names need be known where they run only.
    this.settings = resolved.childrenCount > 1 ? { ...options, traceBwlist: undefined } : options
  }

  get address(): string {
    return this.resolved.socketName
  }

  async listen(dispatcher: Dispatcher): Promise<void> {
    if (this.serving !== undefined) throw new TypeError(`the transport of ${this.address} listens already`)
    const { resolved } = this
    const { name } = resolved
    if (resolved.childrenCount > 1) assertChildrenPossible(resolved, dispatcher)
    const open: OpenStation = (binding, onBound) =>
      resolved.childrenCount > 1
        ? openChildren(binding, this.options, resolved, dispatcher, onBound)
        : this.openHere(dispatcher, binding, onBound)
    this.serving =
      name.type === 'unix'
        ? await listenOnFile(resolved, name.path, open, dispatcher.log)
        : await listenOnUdp(resolved, name, open, dispatcher.log)
  }

  async close(): Promise<void> {
    const { serving } = this
    this.serving = undefined
    if (serving !== undefined) this.closing = serving.close()
    await this.closing
  }

  private async openHere(
    dispatcher: Dispatcher,
    binding: Parameters<OpenStation>[0],
    onBound: () => void,
  ): Promise<Station> {
    const { name, filter } = this.resolved
    const prettyPrinting = this.options.prettyPrinting === true
    const endpoint = await openEndpoint(binding, {
      type: name.type,
      limits: this.resolved,
      filter,
      prettyPrinting,
      dispatcher,
    })
    try {
      onBound()
    } catch (error) {
      await endpoint.close()
      throw error
    }
    return endpoint
  }
}
