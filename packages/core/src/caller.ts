import type {
  CallAnswer,
  Caller,
  CommandContract,
  JsonRpcError,
  JsonRpcFailure,
  JsonRpcParams,
  MiLogger,
  MiPeer,
} from '@mi/contract'
import type { EngineDispatcher } from './dispatch.js'
import type { Reply } from './engine.js'
import { prettyPrint } from './pretty-print.js'
import type { Registry } from './registry.js'
import { resultOf } from './reply.js'

/** The id of every call: nobody but tracers sees it. */
const ID = '1'

/**
 * Calls for a part of the same process. The dispatcher's answer is a text in any case, since tracers see it so: the result is
 * cut out of it, which costs less than a second way to print results would be worth.
 */
export class EngineCaller implements Caller {
  readonly log: MiLogger

  /**
   * @param dispatcher answers compact JSON-RPC whatever happens
   * @param pretty whether results are indented
   */
  constructor(
    private readonly dispatcher: EngineDispatcher,
    private readonly registry: Registry,
    private readonly pretty: boolean,
  ) {
    this.log = dispatcher.log
  }

  call(method: string, params: JsonRpcParams | undefined, peer: MiPeer): CallAnswer | Promise<CallAnswer> {
    const reply = this.dispatcher.run({ method, params, id: ID }, peer)
    return reply instanceof Promise ? reply.then((text) => this.answer(text)) : this.answer(reply)
  }

  find(method: string): CommandContract | undefined {
    const resolution = this.registry.resolve(method)
    return 'contract' in resolution ? resolution.contract : undefined
  }

  drop(reason: string, fields?: Readonly<Record<string, unknown>> | undefined, count?: number | undefined): void {
    this.dispatcher.drop(reason, fields, count)
  }

  private answer(reply: Reply): CallAnswer {
    const text = String(reply)
    const result = resultOf(text, ID)
    if (result === undefined) return { error: errorOf(text), result: undefined }
    return { error: undefined, result: this.pretty ? prettyPrint(result) : result }
  }
}

/** A request with an id is always answered, by a success or by a failure. */
function errorOf(text: string): JsonRpcError {
  return (JSON.parse(text) as JsonRpcFailure).error
}
