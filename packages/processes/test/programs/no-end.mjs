// A module that never comes to close.
import { defineModule, implement } from '@mi/contract'

export const endless = implement(
  defineModule('endless', { loop: { recipes: [{}] } }),
  {
    loop(_params, { log }) {
      log.info({}, 'looping')
      for (;;);
    },
  },
  { close: () => new Promise(() => {}) },
)
