// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { array, defineModule, literal, object, oneOf, optional } from '@mi/contract'

/** The commands of `config`, since 4.0. */
export const config = defineModule('config', {
  /** `config:reload`. Since 4.0. */
  reload: {
    aliases: ['config_reload'],
    level: 'change',
    recipes: [{}],
  },
  /** `config:list`. Since 4.0. */
  list: {
    aliases: ['config_list'],
    level: 'read',
    recipes: [{}, { description: 'int' }],
  },
  /** `config:push`. Since 4.0. */
  push: {
    aliases: ['config_push'],
    level: 'change',
    recipes: [
      { name: 'string' },
      { name: 'string', value: 'string' },
      { name: 'string', value: 'string', description: 'string' },
    ],
  },
  /** `config:push_bulk`. Since 4.0. */
  push_bulk: {
    aliases: ['config_push_bulk'],
    level: 'change',
    recipes: [
      {
        configs: array(
          object({ name: 'string', value: oneOf('int', 'string', literal(null)), description: optional('string') }),
        ),
      },
    ],
  },
  /** `config:flush`. Since 4.0. */
  flush: {
    aliases: ['config_flush'],
    level: 'change',
    recipes: [{}, { name: 'string' }],
  },
})
