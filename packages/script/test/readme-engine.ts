import { createMi } from '@mi/core'

export const mi = createMi({ modules: [] }) // your modules and transports
