import type { DatagramAddress } from '@mi/posix'

/** Serves one socket until it is closed, in this process or in others. */
export interface Station {
  /** What the socket is bound to. */
  readonly address: DatagramAddress
  /** Takes no new requests, sends the answers still owed, and closes the socket. May be called again. */
  close(): Promise<void>
}

/** What a server binds its sockets to. */
export type ServerBinding = DatagramAddress

/**
 * Opens a socket and begins to serve it.
 * @param onBound called once the socket is bound, before anything is served by other processes; what it throws closes
 * all again
 */
export type OpenStation = (binding: ServerBinding, onBound: () => void) => Promise<Station>
