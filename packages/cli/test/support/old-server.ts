import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

/** What a request may be answered with: the result, or a promise of it. */
export type Answers = Readonly<Record<string, (params: unknown) => unknown>>

/** A server over UDP that has the names it is given and no others, as OpenSIPS 3.x has short ones. Closed with the test. */
export async function startOldServer(
  answers: Answers,
): Promise<{ readonly way: readonly string[]; readonly asked: string[] }> {
  const asked: string[] = []
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  onTestFinished(() => new Promise<void>((resolve) => socket.close(() => resolve())))
  socket.on('message', async (bytes, { port, address }) => {
    const { id, method, params } = requestIn(bytes.toString())
    asked.push(method)
    const answer =
      answers[method] ?? (method === 'which' && params === undefined ? () => Object.keys(answers) : undefined)
    const outcome =
      answer === undefined ? { error: { code: -32601, message: 'Method not found' } } : { result: await answer(params) }
    socket.send(JSON.stringify({ jsonrpc: '2.0', ...outcome, id }), port, address)
  })
  return { way: ['-u', `udp:127.0.0.1:${socket.address().port}`], asked }
}

interface Request {
  readonly id: number
  readonly method: string
  readonly params?: unknown
}

/** True for what the client sends, which is all that comes here. */
function requestIn(text: string): Request {
  return JSON.parse(text) as Request
}
