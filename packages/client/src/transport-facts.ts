import type { ClientTransport } from '@mi/contract'

/** What a transport may tell beyond the contract, for messages. */
export interface TransportFacts extends ClientTransport {
  /** Where the server is, such as a path. */
  readonly address?: string | undefined
  /** Why an answer may have stayed away and how to mend it, where the transport can tell. */
  silenceHint?(): string | undefined
}

/** A transport's name and address, for messages: `fifo (/run/opensips/opensips_fifo)`. */
export function describeTransport({ name, address }: TransportFacts): string {
  return address === undefined ? name : `${name} (${address})`
}
