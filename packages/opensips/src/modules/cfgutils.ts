// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule, oneOf } from '@mi/contract'

/** The commands of `cfgutils`. */
export const cfgutils = defineModule('cfgutils', {
  /** `cfgutils:rand_set_prob`; `rand_set_prob` in 3.5. */
  rand_set_prob: {
    level: 'change',
    recipes: [{ prob_proc: 'int' }],
  },
  /** `cfgutils:rand_reset_prob`; `rand_reset_prob` in 3.5. */
  rand_reset_prob: {
    level: 'change',
    recipes: [{}],
  },
  /** `cfgutils:rand_get_prob`; `rand_get_prob` in 3.5. */
  rand_get_prob: {
    level: 'read',
    recipes: [{}],
  },
  /** `cfgutils:get_config_hash`; `get_config_hash` in 3.5. */
  get_config_hash: {
    level: 'read',
    recipes: [{}],
  },
  /** `cfgutils:check_config_hash`; `check_config_hash` in 3.5. */
  check_config_hash: {
    level: 'read',
    recipes: [{}],
  },
  /** `cfgutils:shv_get`; `shv_get` in 3.5. */
  shv_get: {
    level: 'read',
    recipes: [{}, { name: 'string' }],
  },
  /** `cfgutils:shv_set`; `shv_set` in 3.5. */
  shv_set: {
    level: 'change',
    recipes: [{ name: 'string', type: 'string', value: oneOf('int', 'string') }],
  },
})
