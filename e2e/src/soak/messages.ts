/** What the processes of a soak send to each other. */

export type Transport = 'fifo' | 'unix' | 'udp'

/** What hostile inputs are sent to: a transport, the HEP collector, or the HEP decoder, which runs in the process that makes the inputs. */
export type Target = Transport | 'hep' | 'decoder'

/** Where the server listens. */
export interface Places {
  readonly fifoName: string
  readonly replyDir: string
  readonly unixPath: string
  readonly udpPort: number
  readonly hepPort: number
}

/**
 * How a peer behaves. good: reads every reply at once and checks it. slow: reads a little each second. mute: reads nothing, and stays.
 * vanishing: is killed before it reads. torn (FIFO): is killed in the middle of a write.
 */
export type PeerKind = 'good' | 'slow' | 'mute' | 'vanishing' | 'torn'

/** Requests or replies that the server gave up. */
export interface DropCount {
  readonly transport: Transport
  readonly reason: string
  /** The kind of the peer, where the server knows its name; over UDP it does not. */
  readonly kind: string
  readonly count: number
}

export interface ServerReport {
  /** Of all processes of the server, as `group:name`. */
  readonly statistics: Readonly<Record<string, number>>
  readonly drops: readonly DropCount[]
  /** After collecting garbage. */
  readonly heapBytes: number
}

/** `report` asks a peer for its numbers, `settle` has it send nothing more and read all that is there. */
export type PeerCommand = 'report' | 'settle'

export interface PeerReport {
  /** Requests that the system took. */
  readonly sent: number
  /** Replies that were read; each belongs to a request that was not answered before. */
  readonly received: number
  /** UDP: datagrams that the system dropped because the socket of the peer was full. */
  readonly missed: number
  /** From a request to its reply, or until now where there is none yet, in milliseconds. */
  readonly longestWaitMs: number
  /** What must not happen: replies that nobody asked for. The first few. */
  readonly faults: readonly string[]
}

/** Which hostile inputs one process sends: every `step`th block from `firstBlock` on, below `endBlock`. */
export interface HostileOrder {
  readonly target: Target
  readonly seed: number
  readonly firstBlock: number
  readonly step: number
  readonly endBlock: number
  /** A valid request after each input, to find the one that does harm. */
  readonly oneByOne: boolean
}

/** After each block. */
export interface HostileReport {
  readonly inputs: number
  /** UDP: valid requests so far that got no reply, and were sent again. */
  readonly lost: number
  /** What went wrong, in which block, and (one by one) at which of its inputs. */
  readonly fault: { readonly block: number; readonly at: number; readonly text: string } | undefined
}
