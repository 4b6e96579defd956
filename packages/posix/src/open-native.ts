import { chmodSync } from 'node:fs'
import { type Addon, SocketOption, systemError } from './addon.js'
import type { DatagramAddress, DatagramOptions, DatagramPeer, DatagramSocket } from './datagram.js'
import { NativeDatagramSocket } from './native-socket.js'
import { describe, toSockaddr } from './sockaddr.js'

const DEFAULT_MODE = 0o600

/** @throws Error of the system */
export function openNative<P extends DatagramPeer>(addon: Addon, options: DatagramOptions<P>): DatagramSocket<P> {
  const fd = openDescriptor(addon, options)
  try {
    const name = addon.socketName(fd)
    if (typeof name === 'number') throw systemError(name, 'getsockname', `descriptor ${fd}`)
    const address = addon.addressOf(name)
    if (address.type === 'unix') {
      check(addon.setSocketOption(fd, SocketOption.credentials, 1), 'setsockopt', describe(address))
    }
    return new NativeDatagramSocket(addon, fd, address, options)
  } catch (error) {
    // One that was handed in may be in use elsewhere: it stays its owner's.
    if (options.bind.type !== 'fd') addon.closeDescriptor(fd)
    throw error
  }
}

function openDescriptor<P extends DatagramPeer>(addon: Addon, options: DatagramOptions<P>): number {
  const { bind, connect, receiveBufferBytes, sendBufferBytes } = options
  if (bind.type === 'fd') {
    check(addon.adoptSocket(bind.fd), 'getsockopt', `descriptor ${bind.fd}`)
    if (connect !== undefined) connectTo(addon, bind.fd, connect)
    return bind.fd
  }
  const sockaddr = toSockaddr(addon, bind)
  const where = describe(bind)
  const fd = check(addon.createSocket(sockaddr), 'socket', where)
  const set = (option: number, value: number): void => {
    check(addon.setSocketOption(fd, option, value), 'setsockopt', where)
  }
  try {
    if (receiveBufferBytes !== undefined) set(SocketOption.receiveBuffer, receiveBufferBytes)
    if (sendBufferBytes !== undefined) set(SocketOption.sendBuffer, sendBufferBytes)
    if (bind.type === 'udp6') set(SocketOption.ipv6Only, options.ipv6Only === true ? 1 : 0)
    if (options.reuseAddress === true) set(SocketOption.reuseAddress, 1)
    if (bind.type === 'unix') set(SocketOption.fileMode, options.mode ?? DEFAULT_MODE)
    check(addon.bindSocket(fd, sockaddr), 'bind', where)
    // Linux takes the mode before there is a file, other systems only then.
    if (bind.type === 'unix' && process.platform !== 'linux') {
      chmodSync(bind.path, (options.mode ?? DEFAULT_MODE) & ~process.umask())
    }
    if (connect !== undefined) connectTo(addon, fd, connect)
    return fd
  } catch (error) {
    addon.closeDescriptor(fd)
    throw error
  }
}

function connectTo(addon: Addon, fd: number, address: DatagramAddress): void {
  check(addon.connectSocket(fd, toSockaddr(addon, address)), 'connect', describe(address))
}

function check(result: number, syscall: string, subject: string): number {
  if (result < 0) throw systemError(result, syscall, subject)
  return result
}
