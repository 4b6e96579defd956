import { connect } from 'node:net'

/** What was measured over HTTP. */
export interface HttpMeasurement {
  readonly repliesPerSecond: number
  readonly p50Us: number
  readonly p99Us: number
}

/** A POST to the root of mi_http, as bytes. */
function post(body: string): string {
  return (
    'POST /mi HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n' +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  )
}

/**
 * Keeps one request outstanding on each of some connections, for a time. Less than an HTTP client: both servers share the machine
 * with it.
 * @param expected what each reply must be
 * @throws Error for another reply
 */
export async function loadHttp(
  port: number,
  {
    connections,
    seconds,
    request,
    expected,
  }: { connections: number; seconds: number; request: string; expected: string },
): Promise<HttpMeasurement> {
  const bytes = post(request)
  const latencies: number[] = []
  const start = performance.now()
  const end = start + seconds * 1_000
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1').setNoDelay(true)
      let held = ''
      let sentAt = 0
      const send = (): void => {
        sentAt = performance.now()
        socket.write(bytes)
      }
      socket.once('connect', send).once('error', reject)
      socket.setEncoding('latin1').on('data', (piece: string) => {
        held += piece
        const body = held.indexOf('\r\n\r\n') + 4
        if (body < 4 || held.length < body + expected.length) return
        if (!held.startsWith('HTTP/1.1 200 ') || held.slice(body) !== expected) {
          reject(new Error(`wrong reply: ${held.slice(0, 500)}`))
          socket.destroy()
          return
        }
        held = ''
        const now = performance.now()
        latencies.push(now - sentAt)
        if (now < end) send()
        else socket.end(resolve)
      })
    })
  await Promise.all(Array.from({ length: connections }, one))
  const took = performance.now() - start
  const sorted = Float64Array.from(latencies).sort()
  const at = (share: number): number => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN) * 1_000
  return { repliesPerSecond: (latencies.length / took) * 1_000, p50Us: at(0.5), p99Us: at(0.99) }
}
