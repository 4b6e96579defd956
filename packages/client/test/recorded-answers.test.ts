import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { serverOver, transports } from './support/over.js'

interface Vector {
  readonly name: string
  readonly request: string
  /** What this project answers. */
  readonly reply: unknown
  /** What a live OpenSIPS answered, where that is another answer. */
  readonly reference?: string
}

interface Recorded {
  readonly name: string
  readonly method: string
  readonly params: object | undefined
  readonly answer: { readonly result?: unknown; readonly error?: object }
}

/** Those that a client can send: a call by name with parameters that JSON-RPC allows, answered with its id. */
function recorded(): Recorded[] {
  const file = new URL('../../../fixtures/vectors/jsonrpc.json', import.meta.url)
  const { vectors }: { readonly vectors: readonly Vector[] } = JSON.parse(readFileSync(file, 'utf8'))
  return vectors.flatMap(({ name, request, reply, reference = reply }) => {
    try {
      const { jsonrpc, method, params, id } = JSON.parse(request)
      const answer = JSON.parse(String(reference))
      const isCall = jsonrpc === '2.0' && typeof method === 'string' && id === 1 && answer.id === 1 && params !== null
      return isCall ? [{ name, method, params, answer }] : []
    } catch {
      // No JSON, on one side or the other: not what a client sends or a call is answered with.
      return []
    }
  })
}

function commandErrorOf({ message, ...rest }: { readonly message?: unknown }): object {
  return { ...rest, reason: message }
}

describe.each(transports)('over %s', (transport) => {
  test('what live servers answered is what calls resolve or reject with', async () => {
    await using at = await serverOver(transport)
    const vectors = recorded()
    expect(vectors.length).toBeGreaterThan(60)
    for (const { name, method, params, answer } of vectors) {
      at.on(method, ({ id, reply }) => reply(JSON.stringify({ ...answer, id })))
      const [settled] = await Promise.allSettled([at.client.call(method, params)])
      if (answer.error === undefined) expect(settled, name).toEqual({ status: 'fulfilled', value: answer.result })
      else
        expect(settled, name).toMatchObject({
          status: 'rejected',
          reason: { name: 'CommandError', ...commandErrorOf(answer.error) },
        })
      const sent = at.received.at(-1)
      const isEmpty = params === undefined || Object.keys(params).length === 0
      expect([sent?.method, sent?.params], name).toEqual([method, isEmpty ? undefined : params])
    }
  })
})
