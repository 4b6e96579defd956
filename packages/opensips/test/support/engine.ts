// By path: the engine is no dependency of this package, which is types and data alone.
export { createMi } from '@mi/core'
export { coreContract, statisticsContract } from '../../../contract/src/index.js'
