import { getSystemErrorMap } from 'node:util'
import type { DatagramAddress } from './datagram.js'

/** A socket of the addon. */
export interface NativeSocket {
  readonly nativeSocket: never
}

/** Messages that one call of `sendDatagrams` takes. As in native/datagram.h. */
export const SEND_BATCH = 64

/** Options of `setSocketOption`. As in native/sockets.c. */
export const SocketOption = {
  receiveBuffer: 0,
  sendBuffer: 1,
  ipv6Only: 2,
  reuseAddress: 3,
  credentials: 4,
  fileMode: 5,
} as const

/**
 * The functions of the addon. Numbers that they return are below zero for the error numbers of the system. A wrong type in place of
 * bytes is a TypeError.
 */
export interface Addon {
  addressOf(sockaddr: Uint8Array): DatagramAddress
  unixAddress(path: string): Uint8Array | undefined
  ipAddress(address: string, port: number): Uint8Array | undefined
  createSocket(sockaddr: Uint8Array): number
  adoptSocket(fd: number): number
  setSocketOption(fd: number, option: number, value: number): number
  bindSocket(fd: number, sockaddr: Uint8Array): number
  connectSocket(fd: number, sockaddr: Uint8Array): number
  socketName(fd: number): Uint8Array | number
  closeDescriptor(fd: number): number
  /**
   * Makes the socket of a descriptor. `numbers` holds Int32s, which the addon and this package share: for each datagram of a batch the
   * place of its peer, and whether that is new there; then `SEND_BATCH` places of the peers to send to, and as many results.
   */
  watchDatagrams(
    fd: number,
    isUnix: boolean,
    isConnected: boolean,
    maxBatch: number,
    maxMessageBytes: number,
    onBatch: (...texts: (string | null)[]) => void,
    onWritable: () => void,
    onError: (errno: number) => void,
  ): { readonly socket: NativeSocket; readonly numbers: ArrayBuffer } | number
  /** At most `SEND_BATCH` messages. */
  sendDatagrams(
    socket: NativeSocket,
    continues: boolean,
    addresses: readonly (Uint8Array | undefined)[] | undefined,
    ...messages: readonly (string | Uint8Array)[]
  ): number
  setReading(socket: NativeSocket, whether: boolean): void
  awaitWritable(socket: NativeSocket): void
  peerAt(
    socket: NativeSocket,
    place: number,
  ): {
    readonly sockaddr: Uint8Array
    readonly isKnown: boolean
    readonly pid: number
    readonly uid: number
    readonly gid: number
  }
  closeDatagrams(socket: NativeSocket): void
  writeFifo(path: string, data: string | Uint8Array): number
  mkfifo(path: string, mode: number): number
  createSharedFile(bytes: number): number
  mapSharedFile(fd: number, bytes: number): ArrayBuffer | number
}

/**
 * An error as node:fs and node:net have them.
 * @param failure below zero: the error number of the system
 * @param subject what the call was about: a path, an address
 */
export function systemError(failure: number, syscall: string, subject: string): NodeJS.ErrnoException {
  const [code, words] = getSystemErrorMap().get(failure) ?? [`E${-failure}`, 'unknown error']
  const message = `${code}: ${words}, ${syscall} ${subject}`
  return Object.assign(new Error(message), { code, errno: failure, syscall, path: subject })
}
