export { coreContract, statisticsContract } from '@mi/contract'
export { createMi } from '@mi/core'
