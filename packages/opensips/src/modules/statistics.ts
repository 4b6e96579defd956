// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule, literal, schema } from '@mi/contract'

/** The commands of `statistics`. */
export const statistics = defineModule('statistics', {
  /** `statistics:get`; `get_statistics` in 3.5. */
  get: {
    aliases: ['get_statistics'],
    recipes: [{ statistics: 'string[]' }],
    result: schema<Record<string, number>>({ type: 'object', additionalProperties: { type: 'number' } }),
    idempotent: true,
  },
  /** `statistics:list`; `list_statistics` in 3.5. */
  list: {
    aliases: ['list_statistics'],
    recipes: [{}, { statistics: 'string[]' }],
    result: schema<Record<string, 'incremental' | 'non-incremental'>>({
      type: 'object',
      additionalProperties: { enum: ['incremental', 'non-incremental'] },
    }),
    idempotent: true,
  },
  /** `statistics:reset`; `reset_statistics` in 3.5. */
  reset: {
    aliases: ['reset_statistics'],
    recipes: [{ statistics: 'string[]' }],
    result: literal('OK'),
    idempotent: true,
  },
  /** `statistics:reset_all`; `reset_all_statistics` in 3.5. */
  reset_all: {
    aliases: ['reset_all_statistics'],
    recipes: [{}],
    result: literal('OK'),
    idempotent: true,
  },
})
