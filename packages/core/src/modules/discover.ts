import { defineModule, implement, type MiModule, schema } from '@mi/contract'
import { type OpenRpcDocument, openRpcOf } from '@mi/contract/openrpc'
import { mayRun } from '../access.js'
import type { EngineState } from '../execution.js'

const contract = defineModule('mi', {
  'rpc.discover': {
    help: 'describes the commands that you may run, as an OpenRPC document',
    level: 'read',
    recipes: [{}],
    result: schema<OpenRpcDocument>({ type: 'object' }),
    idempotent: true,
  },
})

/**
 * The command `rpc.discover`.
 * @param info of the server
 */
export function discoverModule(
  engine: Pick<EngineState, 'registry' | 'access'>,
  info: OpenRpcDocument['info'],
): MiModule {
  /** Of all commands. Made when it is first asked for, and again when there are more. */
  let all = openRpcOf([], info)
  return implement(contract, {
    'rpc.discover'(_params, { peer }) {
      const contracts = [...engine.registry.commands].map(({ contract }) => contract)
      if (contracts.length !== all.methods.length) all = openRpcOf(contracts, info)
      if (engine.access === undefined) return all
      const methods = all.methods.filter((_method, at) => {
        const contract = contracts[at]
        return contract !== undefined && mayRun(engine.access, contract, peer, undefined)
      })
      return { ...all, methods }
    },
  })
}
