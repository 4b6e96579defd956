import { isIP } from 'node:net'
import { UsageError } from '../usage-error.js'

/** Where HEP is to be received. */
export interface ListenAddress {
  readonly transport: 'udp' | 'tcp'
  readonly host: string
  readonly port: number
}

/**
 * `udp:127.0.0.1:9060`, `tcp:[::1]:9060`; without a port 9060.
 * @throws UsageError for anything else
 */
export function parseListen(text: string): ListenAddress {
  const [, transport, host = '', port = '9060'] =
    /^(udp|tcp):(\[[\da-fA-F:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(text) ?? []
  const address = host.replace(/^\[(.*)\]$/, '$1')
  if ((transport === 'udp' || transport === 'tcp') && isIP(address) !== 0 && Number(port) <= 65_535) {
    return { transport, host: address, port: Number(port) }
  }
  throw new UsageError(
    '--listen wants udp:ADDRESS:PORT or tcp:ADDRESS:PORT with an IP address of this machine, ' +
      `such as udp:127.0.0.1:9060, not '${text}'`,
  )
}

/** As it is written. */
export function listenText({ transport, host, port }: ListenAddress): string {
  return `${transport}:${host.includes(':') ? `[${host}]` : host}:${port}`
}
