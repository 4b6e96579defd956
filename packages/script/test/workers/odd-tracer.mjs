import { createMi } from '@mi/core'

export const mi = createMi()
export const tracer = 'none'
