import { deepStrictEqual } from 'node:assert/strict'
import { createClient } from '@mi/client'
import { type ClientTransport, isCommandError, type MiHost } from '@mi/contract'
import { createScript } from '@mi/script'
import { cache } from './cache-contract.js'

/**
 * Calls the server as a client would, and checks the replies.
 * @throws AssertionError for a wrong reply; CommandError and MiError as the client throws them
 */
export async function roundTrip(transport: ClientTransport): Promise<void> {
  await using client = createClient(transport)

  // By contract: parameters and results are checked by the compiler.
  const stored = await client.call(cache.store, { system: 'local', attr: 'greeting', value: 'hello', expire: 3600 })
  deepStrictEqual(stored, 'OK')
  const { value } = await client.call(cache.fetch, { system: 'local', attr: 'greeting' })
  deepStrictEqual(value, 'hello')

  // By name: as the server calls it.
  deepStrictEqual(await client.call('cache_fetch', ['local', 'greeting']), { key: 'greeting', value: 'hello' })

  // An error that the server answers is thrown.
  const failure: unknown = await client.call(cache.fetch, { system: 'local', attr: 'absent' }).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!isCommandError(failure, 400)) {
    throw new Error('fetching an absent key should fail with 400 Value not found', { cause: failure })
  }
}

/** Fetches over another transport what was stored over the first: it is one server. */
export async function fetchGreeting(transport: ClientTransport): Promise<void> {
  await using client = createClient(transport)
  deepStrictEqual(await client.call(cache.fetch, { system: 'local', attr: 'greeting' }), {
    key: 'greeting',
    value: 'hello',
  })
}

/**
 * Calls commands from within the program that serves them, and checks what they leave in the return variable.
 * @throws AssertionError for a wrong return code or result
 */
export async function scriptCalls(mi: MiHost, print: (line: string) => void): Promise<void> {
  const script = createScript(mi)
  const [ret, params] = [script.var('ret'), script.avp('params')]
  const greeting = '{"key":"greeting","value":"hello"}'

  params.push('local', 'greeting')
  print("-> script.mi('cache_fetch', ret, params)")
  const rc = script.mi('cache_fetch', ret, params)
  print(`<- ${rc}, ret: ${ret.get()}`)
  deepStrictEqual([rc, ret.get()], [1, greeting])

  ret.clear()
  print("-> await script.async.mi('cache_fetch local greeting', ret)")
  const asyncRc = await script.async.mi('cache_fetch local greeting', ret)
  print(`<- ${asyncRc}, ret: ${ret.get()}`)
  deepStrictEqual([asyncRc, ret.get()], [1, greeting])
}

/** A client transport that shows what passes: requests as they are sent, replies as they arrive. */
export function printed(transport: ClientTransport, print: (line: string) => void): ClientTransport {
  return {
    name: transport.name,
    async request(message) {
      print(`-> ${message.text}`)
      const reply = await transport.request(message)
      if (reply !== null) print(`<- ${(typeof reply === 'string' ? reply : reply.text).trim()}`)
      return reply
    },
    close: () => transport.close(),
  }
}
