// A module that cannot be initialised as long as a file says so.
import { existsSync } from 'node:fs'
import { defineModule, implement } from '@mi/contract'

export const moody = implement(
  defineModule('moody', {}),
  {},
  {
    init() {
      if (existsSync(process.env.MOODY_FILE)) throw new Error('not in the mood')
    },
  },
)
