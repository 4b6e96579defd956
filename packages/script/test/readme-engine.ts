import { createMi } from '@mi/core'

export const mi = createMi({ modules: [] }) // modules of yours, and transports
