import { type HepArrival, type HepMessage, HepProtocolType, hepPayloadText } from '@mi/trace-hep'

/** Characters of a text that are shown. */
const SHOWN = 160

const typeNames = new Map(Object.entries(HepProtocolType).map(([name, number]): [number, string] => [number, name]))

/** One line about a message, for people. */
export function lineOf({ message, sender, mi }: HepArrival): string {
  const head = `${timeOf(message)} ${sender.transport} ${endsOf(message)}`
  if (mi === undefined) return `${head} ${typeOf(message)} ${shown(firstLine(hepPayloadText(message)))}`
  if (mi.kind === 'request') {
    const parameters = mi.parameters === undefined ? '' : ` ${shown(mi.parameters)}`
    return `${head} ${shown(mi.backend)} ${shown(mi.command)}${parameters}`
  }
  const which = mi.request === undefined ? 'a reply' : `reply to ${shown(mi.request.command)}`
  const after = mi.elapsedMs === undefined ? '' : ` after ${mi.elapsedMs.toFixed(3)} ms`
  return `${head} ${which}${after}: ${shown(mi.reply)}`
}

/** The same as an object that JSON can hold, in one line. */
export function jsonOf({ message, sender, mi, receivedAtMs }: HepArrival): string {
  const { payload: _, ...fields } = message
  const all = {
    received: new Date(receivedAtMs).toISOString(),
    sender,
    ...fields,
    payload: hepPayloadText(message),
    mi,
  }
  const json = JSON.stringify(all, (_key, value: unknown) => {
    if (typeof value === 'bigint') return value.toString()
    return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value
  })
  // JSON does not escape control characters from U+007F on, and they reach terminals too.
  return json.replace(controls, unicodeEscapes)
}

const controls = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** A text for the terminal, which control characters of a stranger must not reach. */
export function shown(text: string): string {
  const short = text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text
  return short.replace(controls, (character) => {
    const escaped = JSON.stringify(character).slice(1, -1)
    return escaped === character ? unicodeEscapes(character) : escaped
  })
}

/** The escapes of a character, which may have two units. */
function unicodeEscapes(character: string): string {
  return character.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function firstLine(text: string): string {
  const [line = ''] = text.split(/\r?\n/, 1)
  return line
}

function timeOf({ timeSec, timeUsec = 0 }: HepMessage): string {
  if (timeSec === undefined) return '--:--:--.------'
  const time = new Date(timeSec * 1_000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')
  return `${clock}.${String(timeUsec).padStart(6, '0')}`
}

function endsOf({ srcIp, srcPort, dstIp, dstPort }: HepMessage): string {
  return `${end(srcIp, srcPort)} > ${end(dstIp, dstPort)}`
}

function end(address = '?', port = 0): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

function typeOf({ version, protoType }: HepMessage): string {
  if (protoType === undefined) return `HEP${version}`
  return typeNames.get(protoType) ?? `type ${protoType}`
}
