// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `ratelimit`. */
export const ratelimit = defineModule('ratelimit', {
  /** `ratelimit:list`; `rl_list` in 3.5. */
  list: {
    aliases: ['rl_list'],
    level: 'read',
    recipes: [{}, { pipe: 'string' }, { filter: 'string' }, { filter_out: 'string' }],
  },
  /** `ratelimit:reset_pipe`; `rl_reset_pipe` in 3.5. */
  reset_pipe: {
    aliases: ['rl_reset_pipe'],
    level: 'change',
    recipes: [{ pipe: 'string' }],
  },
  /** `ratelimit:set_pid`; `rl_set_pid` in 3.5. */
  set_pid: {
    aliases: ['rl_set_pid'],
    level: 'change',
    recipes: [{ ki: 'string', kp: 'string', kd: 'string' }],
  },
  /** `ratelimit:get_pid`; `rl_get_pid` in 3.5. */
  get_pid: {
    aliases: ['rl_get_pid'],
    level: 'read',
    recipes: [{}],
  },
  /** `ratelimit:dump_pipe`; `rl_dump_pipe` in 3.5. */
  dump_pipe: {
    aliases: ['rl_dump_pipe'],
    level: 'read',
    recipes: [{ pipe: 'string' }],
  },
})
