import { defineModule, implement } from '@mi/contract'
import { createMi } from '@mi/core'

const contract = defineModule('work', { x: { recipes: [{}] } })

function init() {
  throw new Error('no database')
}

export const mi = createMi({ modules: [implement(contract, { x: () => {} }, { init })] })
