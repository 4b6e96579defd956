import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { newEndpoint } from './endpoint.js'
import { load } from './load.js'
import { median } from './median.js'
import { compiled } from './native.js'
import { assertAnswers, versionRequest, versionResult } from './requests.js'
import type { Scenario } from './scenario.js'
import { type ServerProcess, startServer } from './server-process.js'

const window = 64

/** The same UDP server with and without a HEP tracer, whose packets a C program takes. */
export const tracedScenario: Scenario = {
  name: 'traced',
  describe: ({ rounds, seconds }) =>
    `a UDP server whose commands are traced (HEP 3 over UDP, HOMER 6) beside one whose are not, window ${window}; ` +
    `medians of ${rounds} rounds of ${seconds} s each`,
  async run({ rounds, seconds }) {
    const program = fileURLToPath(new URL('server.js', import.meta.url))
    await using sink = await startSink()
    await using plain = await startServer('udp', [process.execPath, program])
    await using traced = await startServer('udp', [process.execPath, program, '--trace', sink.port])
    const rate = async (server: ServerProcess): Promise<number> => {
      await assertAnswers(server, versionRequest, versionResult)
      return (await load(server, { window, seconds, request: versionRequest })).repliesPerSecond
    }
    const rates = { plain: [] as number[], traced: [] as number[] }
    for (let round = 0; round < rounds; round++) {
      // In turn, and each goes first every other time.
      if (round % 2 === 0) rates.plain.push(await rate(plain))
      rates.traced.push(await rate(traced))
      if (round % 2 === 1) rates.plain.push(await rate(plain))
    }
    const packets = await sink.end()
    if (packets === 0) throw new Error('no trace has arrived: a server that does not trace is no result')
    const result = { plain: median(rates.plain), traced: median(rates.traced) }
    return {
      head: ['server', 'replies/s', 'share', 'packets'],
      rows: [
        ['not traced', result.plain.toFixed(0), '1.00', '0'],
        ['traced', result.traced.toFixed(0), (result.traced / result.plain).toFixed(2), String(packets)],
      ],
      targets: [
        {
          what: 'traced: replies/s over those without traces',
          value: result.traced / result.plain,
          limit: 0.45,
          direction: 'at least',
        },
      ],
    }
  },
}

interface Sink extends AsyncDisposable {
  readonly port: string
  /** Ends it. @returns how many packets came */
  end(): Promise<number>
}

async function startSink(): Promise<Sink> {
  await using endpoint = await newEndpoint('udp')
  const [port = ''] = endpoint.places
  const child = spawn(await compiled('sink'), ['udp', port], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'close')
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  const end = async (): Promise<number> => {
    child.kill('SIGTERM')
    await exited
    return Number(/packets=(\d+)/.exec(printed)?.[1] ?? 0)
  }
  return {
    port,
    end,
    async [Symbol.asyncDispose]() {
      await end()
    },
  }
}
