import type { ClientMessage, ClientTransport } from '@mi/contract'
import type { AbortSource } from './life.js'

/** What a transport may tell beyond the contract, for messages. */
export interface TransportFacts extends ClientTransport {
  /** Where the server is, such as a path. */
  readonly address?: string | undefined
  /** Why an answer may have stayed away and how to mend it, where the transport can tell. */
  silenceHint?(): string | undefined
  /** As `request`, and used instead of it where it is there: for what costs less than a signal. */
  requestDuring?(message: Omit<ClientMessage, 'signal'>, life: AbortSource): Promise<string | null>
  /** Called when a client takes the transport for its own. @throws TypeError where it cannot serve another client */
  claim?(): void
}

/** A transport's name and address, for messages: `fifo (/run/opensips/opensips_fifo)`. */
export function describeTransport({ name, address }: TransportFacts): string {
  return address === undefined ? name : `${name} (${address})`
}
