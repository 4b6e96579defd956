import { array, defineModule, int, literal, object } from '@mi/contract'

export const core = defineModule('core', {
  log_level: { recipes: [{}, { level: 'int' }, { level: 'int', pid: 'int' }] },
  which: { recipes: [{}, { command: 'string' }], result: array('string') },
  pwd: { recipes: [{}], result: object({ WD: 'string' }) },
})

export const cache = defineModule('cache', {
  store: {
    aliases: ['cache_store'],
    recipes: [
      { system: 'string', attr: 'string', value: 'string' },
      { system: 'string', attr: 'string', value: 'string', expire: int({ minimum: 0 }) },
    ],
    result: literal('OK'),
  },
  mode: { recipes: [{ mode: literal('on', 'off') }], result: literal('on', 'off') },
})
