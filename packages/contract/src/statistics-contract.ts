import { literal, schema } from './builders.js'
import { defineModule } from './module-contract.js'

/** The commands of the module `statistics`, with its names and shapes. Source: OpenSIPS, statistics.c. */
export const statisticsContract = /* @__PURE__ */ defineModule('statistics', {
  get: {
    help: 'prints the statistics (all, group or one) realtime values: group:name, name, group: or all',
    level: 'read',
    aliases: ['get_statistics'],
    recipes: [{ statistics: 'string[]' }],
    result: schema<Record<string, number>>({ type: 'object', additionalProperties: { type: 'number' } }),
    idempotent: true,
  },
  list: {
    help: 'lists all the registered statistics, or those named, and whether they count up',
    level: 'read',
    aliases: ['list_statistics'],
    recipes: [{}, { statistics: 'string[]' }],
    result: schema<Record<string, 'incremental' | 'non-incremental'>>({
      type: 'object',
      additionalProperties: { enum: ['incremental', 'non-incremental'] },
    }),
    idempotent: true,
  },
  reset: {
    help: 'resets the value of a statistic variable',
    level: 'change',
    aliases: ['reset_statistics'],
    recipes: [{ statistics: 'string[]' }],
    result: literal('OK'),
    idempotent: true,
  },
  reset_all: {
    help: 'resets the value of all statistic variables',
    level: 'change',
    aliases: ['reset_all_statistics'],
    recipes: [{}],
    result: literal('OK'),
    idempotent: true,
  },
})
