// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `lua`. */
export const lua = defineModule('lua', {
  /** `lua:watch`; `watch` in 3.5. */
  watch: {
    level: 'change',
    recipes: [{}, { action: 'string', extension: 'string' }],
  },
})
