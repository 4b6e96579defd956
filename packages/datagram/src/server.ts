import type { Dispatcher, DispatchSettings, ServerTransport } from '@mi/contract'
import type { DatagramAddress } from '@mi/posix'
import { assertChildrenPossible, openChildren } from './children.js'
import { openEndpoint } from './endpoint.js'
import { type DatagramServerOptions, type ResolvedDatagramOptions, resolveOptions } from './options.js'
import { listenOnUdp } from './udp-server.js'
import { listenOnUnix, type Serving } from './unix-server.js'

/**
 * Serves MI on a UDP or UNIX datagram socket, as mi_datagram of OpenSIPS does. Nothing is opened before `listen`.
 *
 * While it listens on a UNIX socket, SIGHUP makes it check its file at once, and does not end the process.
 * @throws TypeError, RangeError for options that cannot work
 */
export function datagram(options: DatagramServerOptions): ServerTransport {
  return new DatagramServer({ ...options }, resolveOptions(options))
}

class DatagramServer implements ServerTransport {
  readonly name = 'datagram'
  readonly address: string
  readonly settings: DispatchSettings
  private serving: Serving | undefined
  private closing: Promise<void> | undefined

  /** @param given a copy of what the caller gave: child processes resolve it themselves */
  constructor(
    private readonly given: DatagramServerOptions,
    private readonly options: ResolvedDatagramOptions,
  ) {
    this.address = options.socketName
    // The commands that traceBwlist names must be known only where they run.
    this.settings = options.childrenCount > 1 ? { ...options.settings, traceBwlist: undefined } : options.settings
  }

  readonly listen = async (dispatcher: Dispatcher): Promise<void> => {
    if (this.serving !== undefined) throw new TypeError(`the transport of ${this.address} listens already`)
    const { given, options } = this
    const { name, childrenCount } = options
    if (childrenCount > 1) assertChildrenPossible(options, dispatcher)
    const open = (address: DatagramAddress, onBound: () => void): Promise<Serving> =>
      childrenCount > 1
        ? openChildren(address, given, options, dispatcher, onBound)
        : this.openHere(dispatcher, address, onBound)
    this.serving =
      name.type === 'unix'
        ? await listenOnUnix(options, name.path, open, dispatcher.log)
        : await listenOnUdp(options, name, open, dispatcher.log)
  }

  readonly close = async (): Promise<void> => {
    const { serving } = this
    this.serving = undefined
    if (serving !== undefined) this.closing = serving.close()
    await this.closing
  }

  private async openHere(dispatcher: Dispatcher, address: DatagramAddress, onBound: () => void): Promise<Serving> {
    const { name, filter, settings } = this.options
    const endpoint = await openEndpoint(address, {
      type: name.type,
      limits: this.options,
      filter,
      prettyPrinting: settings.prettyPrinting === true,
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
