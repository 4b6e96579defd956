import { defineModule } from '@mi/contract'

/** A command that does nothing but being counted. */
export const tally = defineModule('tally', {
  add: {
    help: 'counts that it ran with this id, and answers it',
    recipes: [{ id: 'string' }],
    result: 'string',
  },
})
