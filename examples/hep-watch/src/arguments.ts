import { parseArgs } from 'node:util'
import type { HepListenOptions, HepTransport } from '@mi/trace-hep'

export const usage = `usage: node dist/main.js [PLACE...] [--json] [--key FILE --cert FILE]

Prints the HEP messages that arrive: MI commands, their replies and how long they took, and the first line of other messages.

  PLACE          where to listen: udp:ADDRESS:PORT, tcp:ADDRESS:PORT or tls:ADDRESS:PORT, each at most once; an IPv6
                 address goes in brackets; port 0 chooses a free one. Default: udp:127.0.0.1:9060 and tcp:127.0.0.1:9060
  --json         print one JSON object per line
  --lenient      also read packets that are wrong but readable
  --key, --cert  files of the key and the certificate for tls, in PEM
  --help         print this text
`

/** The arguments of the command line. */
export interface Arguments {
  readonly places: Readonly<Partial<Record<HepTransport, HepListenOptions>>>
  readonly json: boolean
  readonly lenient: boolean
  /** Names of files. */
  readonly key: string | undefined
  readonly cert: string | undefined
  readonly help: boolean
}

const usualPlaces = ['udp:127.0.0.1:9060', 'tcp:127.0.0.1:9060']

/** @throws TypeError saying what is wrong with which argument */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      lenient: { type: 'boolean', default: false },
      key: { type: 'string' },
      cert: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const places: Partial<Record<HepTransport, HepListenOptions>> = {}
  for (const text of positionals.length === 0 ? usualPlaces : positionals) {
    const { transport, ...place } = readPlace(text)
    if (places[transport] !== undefined) throw new TypeError(`'${text}': ${transport} is given twice`)
    places[transport] = place
  }
  const { json, lenient, key, cert, help } = values
  if (places.tls !== undefined && (key === undefined || cert === undefined)) {
    throw new TypeError('tls needs --key FILE and --cert FILE')
  }
  return { places, json, lenient, key, cert, help }
}

interface Place {
  readonly transport: HepTransport
  readonly host: string
  readonly port: number
}

function readPlace(text: string): Place {
  const [, transport, bracketed, plain = '', port] = /^(udp|tcp|tls):(?:\[(.*)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? []
  if (transport === 'udp' || transport === 'tcp' || transport === 'tls') {
    return { transport, host: bracketed ?? plain, port: Number(port) }
  }
  throw new TypeError(`'${text}' is not a place; write udp:ADDRESS:PORT, tcp:ADDRESS:PORT or tls:ADDRESS:PORT`)
}
