// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `tracer`. */
export const tracer = defineModule('tracer', {
  /** `tracer:trace`; `trace` in 3.5. Takes parameters by name only. */
  trace: {
    level: 'change',
    recipes: [{}, { id: 'string' }, { mode: 'string' }, { id: 'string', mode: 'string' }],
    namedOnly: true,
  },
  /** `tracer:start`; `trace_start` in 3.5. */
  start: {
    aliases: ['trace_start'],
    level: 'change',
    recipes: [
      { id: 'string', uri: 'string' },
      { id: 'string', uri: 'string', filter: 'string[]' },
      { id: 'string', uri: 'string', filter: 'string[]', scope: 'string', type: 'string' },
    ],
  },
  /** `tracer:stop`; `trace_stop` in 3.5. */
  stop: {
    aliases: ['trace_stop'],
    level: 'change',
    recipes: [{ id: 'string' }],
  },
})
