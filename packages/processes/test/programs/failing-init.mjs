import { defineModule, implement } from '@mi/contract'

export const failing = implement(
  defineModule('failing', {}),
  {},
  {
    init() {
      throw Object.assign(new Error('no database'), { code: 'ECONNREFUSED' })
    },
  },
)
