import { CommandError, implement, type MiModule, statisticsContract } from '@mi/contract'
import { andThen, type Processes } from '../processes.js'

export function statisticsModule(processes: Processes): MiModule {
  return implement(statisticsContract, {
    get: ({ statistics }) => processes.read(statistics),
    list: ({ statistics = ['all'] }) => processes.kinds(statistics),
    reset: ({ statistics }) =>
      andThen(processes.reset(statistics), (count) => {
        if (count === 0) throw new CommandError(404, 'Statistics Not Found')
        return 'OK' as const
      }),
    reset_all: () => andThen(processes.reset(['all']), () => 'OK' as const),
  })
}
