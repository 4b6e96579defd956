import { createMi } from '@mi/core'
import { benchModule, serverIdentity } from './requests.js'

/** The engine whose commands the script scenario calls: in the same thread, and as what a worker thread imports. */
export const mi = createMi({ modules: [benchModule], server: serverIdentity, checkResults: false })
