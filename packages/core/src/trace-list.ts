import { CommandError } from '@mi/contract'
import type { Registry } from './registry.js'

/**
 * Which commands are traced: `b: ps, which` all but these, `w: sip_trace` only these; without a list all of them.
 * Names and aliases mean the same command.
 * Source: OpenSIPS, parameter `trace_bwlist` of mi_fifo, mi_datagram, mi_script.
 */
export class TraceList {
  private constructor(
    private readonly methods: ReadonlySet<string>,
    private readonly listed: boolean,
  ) {}

  /** @throws TypeError for another form, an empty list or a command that does not exist */
  static parse(text: string | undefined, registry: Registry): TraceList {
    if (text === undefined) return new TraceList(new Set(), false)
    const [, type, names] = /^\s*([bw])\s*:(.*)$/is.exec(text) ?? []
    if (type === undefined || names === undefined) {
      throw new TypeError(`traceBwlist '${text}' must begin with 'b:' (all but these) or 'w:' (only these)`)
    }
    const methods = names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
      .map((name) => canonical(name, registry))
    if (methods.length === 0) throw new TypeError(`traceBwlist '${text}' names no command`)
    return new TraceList(new Set(methods), type.toLowerCase() === 'w')
  }

  /** @param method canonical name; undefined for what is no command, which is always traced */
  includes(method: string | undefined): boolean {
    return method === undefined || this.methods.has(method) === this.listed
  }
}

function canonical(name: string, registry: Registry): string {
  const resolution = registry.resolve(name)
  if (!(resolution instanceof CommandError)) return resolution.contract.method
  const { data } = resolution
  throw new TypeError(`traceBwlist names '${name}': ${resolution.message}${data === undefined ? '' : ` (${data})`}`)
}
