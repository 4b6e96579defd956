import type { MiError } from '@mi/contract'

/** Takes what arrives at a socket. */
export interface ReceiverEvents {
  /**
   * A message.
   * @param answer sends a text back to where it came from; undefined where nobody waits for one
   */
  message(text: string, answer?: ((text: string) => void) | undefined): void
  /** Something arrived that is no message. */
  garbage(): void
  /** Nothing more will arrive. */
  failed(error: MiError): void
}

/** A socket that receives events. */
export interface Receiver {
  readonly port: number
  /** Resolves when the socket is closed. */
  close(): Promise<void>
}
