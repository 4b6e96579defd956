// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `blacklists`. */
export const blacklists = defineModule('blacklists', {
  /** `blacklists:list`; `list_blacklists` in 3.5. */
  list: {
    aliases: ['list_blacklists'],
    level: 'read',
    recipes: [{}, { name: 'string' }],
  },
  /** `blacklists:check_all`; `check_blacklists` in 3.5. */
  check_all: {
    aliases: ['check_blacklists'],
    level: 'read',
    recipes: [
      { ip: 'string' },
      { proto: 'string', ip: 'string' },
      { proto: 'string', ip: 'string', port: 'int' },
      { proto: 'string', ip: 'string', port: 'int', pattern: 'string' },
    ],
  },
  /** `blacklists:check`; `check_blacklist` in 3.5. */
  check: {
    aliases: ['check_blacklist'],
    level: 'read',
    recipes: [
      { name: 'string', ip: 'string' },
      { name: 'string', proto: 'string', ip: 'string' },
      { name: 'string', proto: 'string', ip: 'string', port: 'int' },
      { name: 'string', proto: 'string', ip: 'string', port: 'int', pattern: 'string' },
    ],
  },
  /** `blacklists:add_rule`; `add_blacklist_rule` in 3.5. */
  add_rule: {
    aliases: ['add_blacklist_rule'],
    level: 'change',
    recipes: [
      { name: 'string', rule: 'string' },
      { name: 'string', rule: 'string', expire: 'int' },
    ],
  },
  /** `blacklists:del_rule`; `del_blacklist_rule` in 3.5. */
  del_rule: {
    aliases: ['del_blacklist_rule'],
    level: 'change',
    recipes: [{ name: 'string', rule: 'string' }],
  },
})
