import { isDeepStrictEqual } from 'node:util'
import { defineModule, implement, schema } from '@mi/contract'
import { ask } from './ask.js'
import type { Measurement } from './load.js'
import type { ServerProcess } from './server-process.js'

/** The request that is measured: a small answer. */
export const versionRequest = '{"jsonrpc":"2.0","method":"version","id":1}'

/** The request with an answer of some 700 bytes. */
export const dialogRequest = '{"jsonrpc":"2.0","method":"bench:dialog","id":1}'

/** How the measured server calls itself. */
export const serverIdentity = { name: 'MI benchmark', version: '1.0.0' }

/** What it must answer to `version`. */
export const versionResult = {
  Server: `${serverIdentity.name} (${serverIdentity.version} (${process.arch}/${process.platform}))`,
}

/** What the floor answers to everything. */
export const floorResult = { Server: 'floor of the transport, no JSON' }

/** What the server answers to `bench:dialog`: a dialog as dlg_list of OpenSIPS shows it. */
export const dialogResult = {
  ID: '2873517402173',
  state: 4,
  user_flags: 0,
  timestart: 1763720000,
  datestart: '2025-11-21 10:13:20',
  timeout: 1763763200,
  dateout: '2025-11-21 22:13:20',
  callid: 'a7d8f2c1-6e0b-4b43-9b1d-0c9a3f5e7d21@198.51.100.23',
  from_uri: 'sip:+4930123456@pbx.example.org',
  to_uri: 'sip:+441632960123@carrier.example.net',
  caller_tag: '8b1f4c9de0',
  caller_contact: 'sip:+4930123456@198.51.100.23:5060;transport=udp',
  callee_cseq: '1',
  caller_route_set: '<sip:203.0.113.7;lr;ftag=8b1f4c9de0>',
  caller_bind_addr: 'udp:203.0.113.7:5060',
  callees: [{ callee_tag: 'gK0d5b', callee_contact: 'sip:+441632960123@192.0.2.44:5060', caller_cseq: '2' }],
}

/** The command behind it. */
export const benchModule = implement(
  defineModule('bench', { dialog: { recipes: [{}], result: schema<typeof dialogResult>({ type: 'object' }) } }),
  { dialog: () => dialogResult },
)

/**
 * Asks once, beside the measurements, and holds the answer against what it must be.
 * @param result of the JSON-RPC answer
 * @returns the answer's size in bytes
 */
export async function assertAnswers({ endpoint }: ServerProcess, request: string, result: unknown): Promise<number> {
  const answer = await ask(endpoint, request)
  const expected = { jsonrpc: '2.0', result, id: 1 }
  if (!isDeepStrictEqual(parsed(answer), expected)) {
    throw new Error(`wrong answer: ${answer}\nexpected:     ${JSON.stringify(expected)}`)
  }
  return Buffer.byteLength(answer)
}

/** The generator tells size and losses of what it received; both must be those of right answers. */
export function assertSound(server: string, { replyBytes, lost }: Measurement, expectedBytes: number): void {
  if (replyBytes !== expectedBytes) {
    throw new Error(`${server} sent a reply of ${replyBytes} bytes under load; the right one has ${expectedBytes}`)
  }
  if (lost > 0) throw new Error(`${server} lost ${lost} replies`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON differs from whatever is expected; the caller shows the text.
    return undefined
  }
}
