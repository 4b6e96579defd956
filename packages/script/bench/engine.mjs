import { createMi } from '@mi/core'

/** The engine that is measured, in the same thread and in a worker. */
export const mi = createMi({ checkResults: false })
