import { ErrorCode, isCommandError, isMiError } from '@mi/contract'
import { errorCode } from '@mi/internal/error-text'
import type { Limits, Requests } from './requests.js'

/** How the `version` of an engine of this project begins, unless its host gives it another name. */
const ENGINE = 'MI for Node.js'

/** What is known of the server that was asked. */
export interface Identity {
  /** Whether it takes batches, and notifications over a FIFO. */
  readonly isEngine: boolean
  /** Which one it is, where the transport knows. */
  readonly from: string | undefined
}

/**
 * Whether the server is an engine of this project. OpenSIPS refuses batches, and over mi_fifo a batch or the notification of
 * an asynchronous command ends it (3.4 to 4.0); the engine takes both.
 *
 * The server is asked for its `version`, once, and again when it was away, did not reply in time, or
 * has given way to another one. It is an engine where that says so, or where the
 * caller may not know (-32003, which no OpenSIPS answers). Any other server, one that a host has given another name included,
 * is treated as an OpenSIPS: that is always safe, and costs a request per call of a batch.
 */
export class ServerKind {
  private known: Promise<Identity> | undefined

  constructor(private readonly requests: Requests) {}

  /** @throws MiError when the server cannot be asked within the limits */
  identify(limits: Limits): Promise<Identity> {
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

  private async ask(): Promise<Identity> {
    try {
      const { reply, from } = await this.requests.ask('version', this.requests.ownLimits)
      if (reply.error !== undefined) return { isEngine: isCommandError(reply.error, ErrorCode.Forbidden), from }
      const version = reply.result
      const texts: unknown[] = typeof version === 'object' && version !== null ? Object.values(version) : []
      return { isEngine: texts.some((text) => typeof text === 'string' && text.startsWith(ENGINE)), from }
    } catch (error) {
      if (isMiError(error, 'MI_PROTOCOL')) return { isEngine: false, from: undefined }
      throw error
    }
  }
}

/** Whether a message was kept back since another server would have got it: nothing was sent. */
export function wasKeptBack(error: unknown): boolean {
  return isMiError(error, 'MI_CONNECTION') && errorCode(error.cause) === 'OTHER_SERVER'
}
