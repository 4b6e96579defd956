import { BlockList, isIP, isIPv4 } from 'node:net'

/** Addresses and ranges: a list of texts such as `'10.0.0.0/8'` and `'::1'`, or a `BlockList` of node:net whose members are meant. */
export type Addresses = readonly string[] | BlockList

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8)
LOOPBACK.addAddress('::1', 'ipv6')

/** Whether only programs of this machine reach the address. */
export function isLoopback(address: string): boolean {
  return isIPv4(address) ? LOOPBACK.check(address) : LOOPBACK.check(withoutZone(address), 'ipv6')
}

/** Tells whether an address is in a list. IPv4 and IPv6 apart, since a list of IPv6 ranges takes IPv4 addresses for mapped ones. */
export class AddressList {
  private readonly ipv4: BlockList
  private readonly ipv6: BlockList

  /**
   * @param what how messages call the list: `datagram(): allow`
   * @throws TypeError for an entry that is not an address or range
   */
  constructor(addresses: Addresses, what: string) {
    const isList = addresses instanceof BlockList
    this.ipv4 = isList ? addresses : new BlockList()
    this.ipv6 = isList ? addresses : new BlockList()
    if (!isList) for (const entry of addresses) this.add(entry, what)
  }

  /** An IPv4 peer of an IPv6 socket has both forms, and may be listed under either. */
  has(text: string): boolean {
    const address = withoutZone(text)
    if (isIPv4(address)) return this.ipv4.check(address, 'ipv4')
    const mapped = mappedIPv4(address)
    return (mapped !== undefined && this.ipv4.check(mapped, 'ipv4')) || this.ipv6.check(address, 'ipv6')
  }

  private add(entry: string, what: string): void {
    const [, address = '', prefix] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(entry) ?? []
    const version = isIP(address)
    const bits = version === 4 ? 32 : 128
    const length = prefix === undefined ? bits : Number(prefix)
    if (version === 0 || address.includes('%') || length > bits) {
      throw new TypeError(
        `${what}: '${entry}' is not an IP address or range; give '10.0.0.1', '10.0.0.0/8', '::1' or 'fd00::/8'`,
      )
    }
    const family = version === 4 ? 'ipv4' : 'ipv6'
    this[family].addSubnet(address, length, family)
  }
}

/** `10.1.2.3` of `::ffff:10.1.2.3`, as an IPv6 socket shows IPv4 peers; undefined for other addresses. */
export function mappedIPv4(address: string): string | undefined {
  const [, mapped = ''] = /^::ffff:(.*)$/i.exec(address) ?? []
  return isIPv4(mapped) ? mapped : undefined
}

export function isAddressList(value: unknown): value is Addresses {
  return value instanceof BlockList || (Array.isArray(value) && value.every((entry) => typeof entry === 'string'))
}

function withoutZone(address: string): string {
  return address.split('%', 1)[0] ?? ''
}
