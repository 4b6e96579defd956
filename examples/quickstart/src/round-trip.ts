import { deepStrictEqual } from 'node:assert/strict'
import { createClient } from '@mi/client'
import { type ClientTransport, isCommandError } from '@mi/contract'
import { cache } from './cache-contract.js'

/**
 * Calls the server as a client would, and checks what it answers.
 * @throws AssertionError for a wrong answer; CommandError and MiError as the client throws them
 */
export async function roundTrip(transport: ClientTransport): Promise<void> {
  await using client = createClient({ transport })

  // By contract: parameters and results are checked by the compiler.
  const stored = await client.call(cache.store, { system: 'local', attr: 'greeting', value: 'hello', expire: 3600 })
  deepStrictEqual(stored, 'OK')
  const { value } = await client.call(cache.fetch, { system: 'local', attr: 'greeting' })
  deepStrictEqual(value, 'hello')

  // By name: what an OpenSIPS server of any version understands.
  deepStrictEqual(await client.call('cache_fetch', ['local', 'greeting']), { key: 'greeting', value: 'hello' })

  // A command that fails answers with an error, which the client throws.
  const failure: unknown = await client.call(cache.fetch, { system: 'local', attr: 'absent' }).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!isCommandError(failure, 400)) {
    throw new Error('fetching an absent key should fail with 400 Value not found', { cause: failure })
  }
}

/** Fetches over a second transport what was stored over the first: one server, whatever way leads to it. */
export async function fetchGreeting(transport: ClientTransport): Promise<void> {
  await using client = createClient({ transport })
  deepStrictEqual(await client.call(cache.fetch, { system: 'local', attr: 'greeting' }), {
    key: 'greeting',
    value: 'hello',
  })
}
