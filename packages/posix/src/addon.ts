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

/** The functions of the addon. Numbers that they return are below zero for the error numbers of the system. */
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
  watchDatagrams(
    fd: number,
    isUnix: boolean,
    isConnected: boolean,
    maxBatch: number,
    maxMessageBytes: number,
    numbers: readonly [marks: Int32Array, places: Int32Array, results: Int32Array],
    onBatch: (...texts: (string | null)[]) => void,
    onWritable: () => void,
    onError: (errno: number) => void,
  ): NativeSocket | number
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
  createSharedFile(octets: number): number
  mapSharedFile(fd: number, octets: number): ArrayBuffer | number
}
