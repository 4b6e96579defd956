// By path: the engine is no dependency of this package, which is types and data alone.
export { createMi } from '@mi/core'
export { coreContract } from '../../../core/src/modules/core-contract.js'
export { statisticsContract } from '../../../core/src/modules/statistics-contract.js'
