import { defineModule, literal, object } from '@mi/contract'

/** The cache commands of OpenSIPS, with its results. Clients need only this file. */
export const cache = defineModule('cache', {
  store: {
    help: 'stores a string value in a cache system',
    aliases: ['cache_store'],
    level: 'change',
    params: { expire: 'seconds until the value is forgotten; 0: never' },
    recipes: [
      { system: 'string', attr: 'string', value: 'string' },
      { system: 'string', attr: 'string', value: 'string', expire: 'int' },
    ],
    result: literal('OK'),
  },
  fetch: {
    help: 'queries for a cache stored value',
    aliases: ['cache_fetch'],
    level: 'read',
    recipes: [{ system: 'string', attr: 'string' }],
    result: object({ key: 'string', value: 'string' }),
    idempotent: true,
  },
  remove: {
    help: 'removes a record from a cache system',
    aliases: ['cache_remove'],
    level: 'change',
    recipes: [{ system: 'string', attr: 'string' }],
    result: literal('OK'),
    idempotent: true,
  },
})
