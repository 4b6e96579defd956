import { ErrorCode, isCommandError, isMiError } from '@mi/contract'
import type { Limits, Requests } from './requests.js'

/** How the `version` of an engine of this project begins, unless its host gives it another name. */
const ENGINE = 'MI for Node.js'

/**
 * Whether the server is an engine of this project. OpenSIPS refuses batches, and over mi_fifo a batch or the notification of
 * an asynchronous command ends it (3.4 to 4.0); the engine takes both.
 *
 * The server is asked for its `version`, once, and again when it was away. It is an engine where that says so, or where the
 * caller may not know (-32003, which no OpenSIPS answers). Any other server, one that a host has given another name included,
 * is treated as an OpenSIPS: that is always safe, and costs a request per call of a batch.
 */
export class ServerKind {
  private known: Promise<boolean> | undefined

  constructor(private readonly requests: Requests) {}

  /** @throws MiError when the server cannot be asked within the limits */
  isEngine(limits: Limits): Promise<boolean> {
    if (this.known === undefined) {
      const asked = this.ask()
      this.known = asked
      asked.catch(() => {
        // Thrown to those who wait below; the next one asks again.
        if (this.known === asked) this.known = undefined
      })
    }
    return this.requests.wait("the look-up of the server's version", this.known, limits)
  }

  /** The server may be another one now. */
  forget(): void {
    this.known = undefined
  }

  private async ask(): Promise<boolean> {
    try {
      const version = await this.requests.call('version', undefined, this.requests.ownLimits)
      const texts: unknown[] = typeof version === 'object' && version !== null ? Object.values(version) : []
      return texts.some((text) => typeof text === 'string' && text.startsWith(ENGINE))
    } catch (error) {
      if (isMiError(error) && error.code !== 'MI_PROTOCOL') throw error
      return isCommandError(error, ErrorCode.Forbidden)
    }
  }
}
