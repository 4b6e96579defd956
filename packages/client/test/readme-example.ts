import { createClient } from '@mi/client'
import { defineModule, isCommandError, isMiError, literal } from '@mi/contract'

const cache = defineModule('cache', {
  store: { recipes: [{ system: 'string', attr: 'string', value: 'string' }], result: literal('OK') },
})
await using client = createClient('fifo:/run/opensips/opensips_fifo?reply_dir=/run/opensips')
try {
  console.log(await client.call('uptime')) // by name: the result is unknown
  console.log(await client.call(cache.store, { system: 'local', attr: 'k', value: 'v' })) // by contract: typed
} catch (error) {
  if (!isCommandError(error) && !isMiError(error)) throw error
  console.error(error.code, error.message) // -32601 uptime: Method not found, or MI_CONNECTION no server reads ...
}
