import { type Dispatcher, type DispatchSettings, MiError, type ServerTransport } from '@mi/contract'
import { isLoopback } from '@mi/internal/address-list'
import { errorCode, errorText } from '@mi/internal/error-text'
import { openChildren } from './children.js'
import { type HttpOptions, type ResolvedHttpOptions, resolveOptions } from './options.js'
import { Serving } from './serving.js'

/**
 * Serves MI over HTTP or HTTPS, as mi_http of OpenSIPS does. Nothing is opened before `listen`.
 * @throws TypeError, RangeError for options that cannot work
 */
export function http(options: HttpOptions = {}): ServerTransport {
  return new HttpServer({ ...options }, resolveOptions(options))
}

/** What a transport does while it listens. */
interface Listening {
  readonly port: number | undefined
  readonly boundTo: string
  close(): Promise<void>
}

class HttpServer implements ServerTransport {
  readonly name = 'http'
  readonly settings: DispatchSettings
  private serving: Listening | undefined
  private closing: Promise<void> | undefined

  /** @param given a copy of what the caller gave: child processes resolve it themselves */
  constructor(
    private readonly given: HttpOptions,
    private readonly options: ResolvedHttpOptions,
  ) {
    // The commands that traceBwlist names must be known only where they run.
    this.settings = options.childrenCount > 1 ? { ...options.settings, traceBwlist: undefined } : options.settings
  }

  /** With the port that the system chose where the option is 0. */
  get address(): string {
    const { host, port, path, tls } = this.options
    const scheme = tls === undefined ? 'http' : 'https'
    return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${this.serving?.port ?? port}${path}`
  }

  readonly listen = async (dispatcher: Dispatcher): Promise<void> => {
    if (this.serving !== undefined) throw new TypeError(`the transport of ${this.address} listens already`)
    const { given, options } = this
    try {
      this.serving =
        options.childrenCount > 1 ? await openChildren(given, options, dispatcher) : await this.openHere(dispatcher)
    } catch (cause) {
      throw cause instanceof MiError ? cause : listenFailure(this.address, cause)
    }
    warnIfOpen(options, this.address, this.serving.boundTo, dispatcher)
  }

  readonly close = async (): Promise<void> => {
    const { serving } = this
    this.serving = undefined
    if (serving !== undefined) this.closing = serving.close()
    await this.closing
  }

  private async openHere(dispatcher: Dispatcher): Promise<Listening> {
    const serving = new Serving(this.options, dispatcher, () => this.address)
    await serving.open(this.options)
    return serving
  }
}

/** Once for each `listen`. */
function warnIfOpen(options: ResolvedHttpOptions, address: string, boundTo: string, { log }: Dispatcher): void {
  const { auth, allow, tls } = options
  if (isLoopback(boundTo)) return
  if (auth === undefined && allow === undefined && tls?.clientCertificates !== 'require') {
    const advice = "give `auth`, or `allow` such as ['127.0.0.1', '10.0.0.0/8'], or listen on a loopback address"
    log.warn({ address }, `everyone who can reach this port may run every command; ${advice}`)
  } else if (auth !== undefined && tls === undefined) {
    log.warn(
      { address },
      'passwords and tokens cross the network unencrypted; give `tls`, or listen on a loopback address behind a proxy',
    )
  }
}

/** `MI_LISTEN` with what to do about it. */
function listenFailure(address: string, cause: unknown): MiError {
  return new MiError('MI_LISTEN', `cannot listen on ${address}: ${errorText(cause)}${hintFor(errorCode(cause))}`, {
    cause,
  })
}

function hintFor(code: string | undefined): string {
  switch (code) {
    case 'EADDRINUSE':
      return '; another process listens there: stop it or choose another port'
    case 'EADDRNOTAVAIL':
      return "; this machine has no such address: give one that it has as host, or '0.0.0.0' for all"
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
      return '; the host name cannot be resolved: correct host or give an address'
    case 'EACCES':
    case 'EPERM':
      return '; this process may not use that port: choose one above 1023'
    case 'EAFNOSUPPORT':
      return '; this machine has no IPv6: give an IPv4 address as host'
    default:
      return ''
  }
}
