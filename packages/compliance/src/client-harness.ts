import type { ClientTransport } from '@mi/contract'

/**
 * How a suite gets at one kind of client transport. It is called many times: every test has a transport and a server end of
 * its own, at a fresh address.
 */
export interface ClientHarness {
  /** Makes a transport that has sent nothing yet, and a server end that does not listen yet. */
  create(): Promise<ClientUnderTest>
}

/** One client transport, and the server end that it talks to. */
export interface ClientUnderTest {
  readonly transport: ClientTransport
  /** What the message of a failed connection must name: the FIFO's path, `127.0.0.1:8080`. */
  readonly address: string
  readonly server: RawServer
  /** Paths of the files that the transport has made and that are still there. Those of the server end are not among them. */
  leftovers(): Promise<readonly string[]>
  /** Removes what the harness made. Called last, once, with transport and server closed. */
  cleanup(): Promise<void>
}

/** A server end that speaks the wire format by hand and answers as the test says. It must not use the code under test. */
export interface RawServer {
  /** Begins to serve, and hands over each request that arrives. Also called again after `vanish`. */
  listen(onRequest: (request: RawRequest) => void): Promise<void>
  /** Goes away at once, as a process that is killed: connections end, what is unanswered stays so. May be called again. */
  vanish(): Promise<void>
}

/** A request as the server end received it. */
export interface RawRequest {
  /** Without what the wire format puts around it. */
  readonly text: string
  /** Sends an answer ahead of the final one. Never called when the trait `provisional` is 'never'. */
  provisional(text: string): Promise<void>
  /** Sends the final answer. Rejects, and never hangs, when the client is gone. */
  reply(text: string): Promise<void>
}
