import { defineModule, literal, object } from '@mi/contract'

/** The cache commands of OpenSIPS, as its server answers them. Clients import this alone. */
export const cache = defineModule('cache', {
  store: {
    help: 'stores a string value in a cache system',
    aliases: ['cache_store'],
    recipes: [
      { system: 'string', attr: 'string', value: 'string' },
      // Seconds; 0 is for ever, as without it.
      { system: 'string', attr: 'string', value: 'string', expire: 'int' },
    ],
    result: literal('OK'),
  },
  fetch: {
    help: 'queries for a cache stored value',
    aliases: ['cache_fetch'],
    recipes: [{ system: 'string', attr: 'string' }],
    result: object({ key: 'string', value: 'string' }),
    idempotent: true,
  },
  remove: {
    help: 'removes a record from a cache system',
    aliases: ['cache_remove'],
    recipes: [{ system: 'string', attr: 'string' }],
    result: literal('OK'),
    idempotent: true,
  },
})
