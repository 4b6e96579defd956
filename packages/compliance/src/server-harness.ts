import type { ServerTransport } from '@mi/contract'

/**
 * How a suite gets at one kind of server transport. It is called many times: every test has a transport of its own, so
 * names, ports and directories must be fresh each time.
 */
export interface ServerHarness {
  /**
   * Makes a transport that does not listen yet, at an address of its own. What it opens or makes before it resolves counts
   * as the transport's doing; a temporary directory is no harm.
   */
  create(settings: ServerSettings): Promise<ServerUnderTest>
  /**
   * Makes a transport whose `listen` must fail: a directory that does not exist, a port that is taken. Its `leftovers` must not
   * list what stood in the way. Needed unless the trait `listenCanFail` is false.
   */
  createImpossible?: (() => Promise<ServerUnderTest>) | undefined
}

/** Options that some tests need. Hand them to the transport under the names that it has for them; ignore what it lacks. */
export interface ServerSettings {
  /** The largest request to take, in bytes. @default the transport's own */
  readonly maxRequestBytes?: number | undefined
  /** How long a peer may take to read its answer, in milliseconds. @default the transport's own */
  readonly replyTimeoutMs?: number | undefined
}

/** One transport, and the ways to reach it from the outside. */
export interface ServerUnderTest {
  readonly transport: ServerTransport
  /** A new peer, ready to write and reading all that comes. Called while the transport listens. */
  peer(): Promise<RawPeer>
  /** Paths of the files that the transport has made and that are still there. Those of the peers are not among them. */
  leftovers(): Promise<readonly string[]>
  /** Removes what the harness made: directories, blockers. Called last, once, with peers and transport closed. */
  cleanup(): Promise<void>
}

/**
 * Someone who speaks the transport's wire format by hand. It reads in the background from the start, and keeps what has
 * arrived until it is asked for. It must not use the code under test.
 */
export interface RawPeer {
  /** The bytes that carry one request of this peer: the request with all that the wire format puts around it. */
  frame(request: Uint8Array): Uint8Array
  /**
   * Hands bytes to the system as they are; for a datagram transport one call is one datagram. Rejects, and never hangs, when
   * the server is gone.
   */
  write(bytes: Uint8Array): Promise<void>
  /**
   * Takes the next answer off those that have arrived, or waits for one.
   *
   * An answer is what the wire format says it is, without what it puts around the text; a wire format that runs several
   * together (a reply FIFO does) may hand them over as one text. What only says that there is no answer (an HTTP status 204)
   * is none.
   * @returns the text, or null when none has come within the time
   */
  receive(withinMs: number): Promise<string | null>
  /** Reads no more from now on, and stays where it is: what the server sends fills the system's buffers. */
  stall(): Promise<void>
  /** Goes away at once, as a process that is killed: nothing is read any more. Resolves when it is gone. */
  vanish(): Promise<void>
  /** Leaves and releases all that it has, also after `stall` and `vanish`. May be called again. */
  close(): Promise<void>
}
