import { CommandError, implement, type MiModule } from '@mi/contract'
import type { Statistics } from '../statistics.js'
import { statisticsContract } from './statistics-contract.js'

export function statisticsModule(statistics: Statistics): MiModule {
  return implement(statisticsContract, {
    get: ({ statistics: selectors }) => statistics.read(selectors),
    list: ({ statistics: selectors = ['all'] }) => statistics.kinds(selectors),
    reset({ statistics: selectors }) {
      if (statistics.reset(selectors) === 0) throw new CommandError(404, 'Statistics Not Found')
      return 'OK' as const
    },
    reset_all() {
      statistics.reset(['all'])
      return 'OK' as const
    },
  })
}
