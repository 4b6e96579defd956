import { defineModule, implement } from '@mi/contract'

export const work = implement(defineModule('work', { x: { recipes: [{}] } }), { x: () => 'x' })
