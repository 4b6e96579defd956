import type { HepArrival } from '@mi/trace-hep'
import { printable } from '../output/printable.js'
import type { Style } from '../output/style.js'

/** A trace as one line for people; undefined for what is no trace of MI. */
export function traceLine({ message, sender, mi, receivedAtMs }: HepArrival, style: Style): string | undefined {
  if (mi === undefined) return undefined
  const request = mi.kind === 'request' ? mi : mi.request
  const from = message.nodeName ?? sender.address
  const what =
    request === undefined
      ? style.dim('(a request that was not seen)')
      : `${style.name(shown(request.command))} by ${shown(request.backend)}`
  const start = `${style.dim(clock(timeOf(message, receivedAtMs)))} ${shown(from)} ${what}`
  if (mi.kind === 'request')
    return [`${start} ->`, ...(mi.parameters === undefined ? [] : [shown(mi.parameters)])].join(' ')
  const elapsed = mi.elapsedMs === undefined ? '' : ` ${mi.elapsedMs.toFixed(3)} ms`
  return `${start} <-${style.number(elapsed)} ${shown(mi.reply)}`
}

/** A trace as `-o json` prints it: one object a line. */
export function traceJson({ message, sender, mi, receivedAtMs }: HepArrival): object | undefined {
  if (mi === undefined) return undefined
  const request = mi.kind === 'request' ? mi : mi.request
  return {
    time: new Date(timeOf(message, receivedAtMs)).toISOString(),
    kind: mi.kind,
    from: { transport: sender.transport, address: sender.address, port: sender.port, node: message.nodeName },
    captureId: message.captureId,
    correlationId: message.correlationId,
    command: request?.command,
    backend: request?.backend,
    parameters: request?.parameters,
    ...(mi.kind === 'reply' ? { reply: mi.reply, elapsedMs: mi.elapsedMs } : {}),
  }
}

/** When the server traced it, or else when it arrived, in milliseconds since 1970. */
function timeOf({ timeSec, timeUsec = 0 }: HepArrival['message'], receivedAtMs: number): number {
  return timeSec === undefined ? receivedAtMs : timeSec * 1000 + Math.floor(timeUsec / 1000)
}

/** `12:34:56.789` by the clock of this machine. */
function clock(ms: number): string {
  const date = new Date(ms)
  return `${date.toTimeString().slice(0, 8)}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

/** One line: what is broken over several stays readable, and nothing steers the terminal. */
function shown(text: string): string {
  return printable(text.replace(/\s*\n\s*/g, ' '), '\t')
}
