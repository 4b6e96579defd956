import { createClient, fifo } from '@mi/client'
import { defineModule, isCommandError, isMiError, literal } from '@mi/contract'

const cache = defineModule('cache', {
  store: { recipes: [{ system: 'string', attr: 'string', value: 'string' }], result: literal('OK') },
})
await using client = createClient({ transport: fifo({ fifoName: '/run/opensips/opensips_fifo' }) })
try {
  console.log(await client.call('uptime')) // by name: the result is unknown
  console.log(await client.call(cache.store, { system: 'local', attr: 'k', value: 'v' })) // by contract: typed
} catch (error) {
  if (isCommandError(error)) console.error('the server said no:', error.code, error.message, error.data)
  else if (isMiError(error)) console.error('no answer:', error.code, error.message)
  else throw error
}
