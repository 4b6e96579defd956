import {
  type ChildrenOptions,
  CommandError,
  type Dispatcher,
  type DispatchOptions,
  type DispatchSettings,
  ErrorCode,
  type Execute,
  type MiLogger,
  type MiPeer,
} from '@mi/contract'
import { prettyPrint } from '@mi/internal/pretty-print'
import { dropChannel } from './channels.js'
import type { Engine, OnProvisional, Reply, RequestParams, ValidRequest } from './engine.js'
import { type Observation, Observers } from './observers.js'
import type { StartChildren } from './processes.js'
import type { Resolution } from './registry.js'
import { errorText } from './reply.js'
import { idText, WrittenIds } from './request-id.js'
import { Runner } from './run.js'
import { TraceList } from './trace-list.js'
import { Counter, type Traffic } from './traffic.js'
import { usualRequest } from './usual-request.js'

/** Answers to errors that come before a command runs. */
const PARSE_ERROR = new CommandError(ErrorCode.ParseError)
const INVALID_REQUEST = new CommandError(ErrorCode.InvalidRequest)
const INTERNAL_ERROR = new CommandError(ErrorCode.ServerError, undefined, 'Internal error')

/** The plain texts of mi_fifo and mi_datagram. */
const PARSE_ERROR_TEXT = '400 Parse_error'
const INTERNAL_ERROR_TEXT = '500 Internal error'

/**
 * JSON-RPC for one transport: text in, text out. What a request asks for is done by the `Runner`. A command that returns a
 * plain value is answered without a promise.
 */
export class EngineDispatcher implements Dispatcher {
  readonly log: MiLogger
  readonly startChildren: Dispatcher['startChildren']
  private readonly observers: Observers
  private readonly runner: Runner
  private readonly pretty: boolean
  private readonly plainErrors: boolean

  /** @throws TypeError for a `traceBwlist` that is wrong or names an unknown command */
  constructor(
    private readonly engine: Engine,
    private readonly transport: string,
    settings: DispatchSettings,
    private readonly traffic: Traffic,
    startChildren: StartChildren | undefined,
  ) {
    this.log = engine.log
    this.startChildren = startChildren && ((options: ChildrenOptions) => startChildren(traffic.group, options))
    this.pretty = settings.prettyPrinting ?? false
    this.plainErrors = settings.parseErrors !== 'jsonrpc'
    this.runner = new Runner(engine, transport, traffic, this.pretty)
    const traceList = TraceList.parse(settings.traceBwlist, engine.registry)
    this.observers = new Observers(transport, settings, traceList, traffic, engine.log)
  }

  dispatch(text: string, peer: MiPeer, { onProvisional }: DispatchOptions = {}): Reply | Promise<Reply> {
    let reply: Reply | Promise<Reply>
    try {
      reply = this.answer(text, peer, onProvisional)
    } catch (error) {
      reply = this.internalError(error, peer)
    }
    return typeof reply === 'string' || reply === null ? this.finish(reply) : this.finishLater(reply, peer)
  }

  readonly execute: Execute = (method, params, { peer = { transport: 'local' } } = {}) => {
    const outcome = (reply: Reply) => {
      const { result, error } = JSON.parse(String(reply))
      return error === undefined ? { value: result } : { error }
    }
    const reply = this.run({ method, params, id: '1' }, peer)
    return reply instanceof Promise ? reply.then(outcome) : outcome(reply)
  }

  /** As `dispatch`, for a request that is taken apart already. */
  run(request: ValidRequest, peer: MiPeer): Reply | Promise<Reply> {
    let reply: Reply | Promise<Reply>
    try {
      this.traffic.count(Counter.requests)
      reply = this.valid(this.engine.registry.resolve(request.method), request, peer, undefined)
    } catch (error) {
      reply = this.internalError(error, peer)
    }
    return typeof reply === 'string' || reply === null ? this.finish(reply) : this.finishLater(reply, peer)
  }

  drop(reason: string, fields: Readonly<Record<string, unknown>> = {}, count = 1): void {
    // Nothing was dropped, then; and a count that is no number must not spoil the sums.
    if (!(count >= 1)) return
    this.traffic.countDrop(reason, count)
    if (dropChannel.hasSubscribers) dropChannel.publish({ transport: this.transport, reason, fields, count })
    const howMany = count === 1 ? {} : { count }
    this.log.warn(
      { transport: this.transport, reason, ...howMany, ...fields },
      `dropped: ${reason.replaceAll('_', ' ')}`,
    )
  }

  private finish(reply: Reply): Reply {
    if (reply === null) return null
    this.traffic.count(Counter.replies)
    return this.pretty ? this.prettyText(reply) : reply
  }

  private async finishLater(reply: Promise<Reply>, peer: MiPeer): Promise<Reply> {
    try {
      return this.finish(await reply)
    } catch (error) {
      return this.finish(this.internalError(error, peer))
    }
  }

  /** The plain texts of errors stay as they are. */
  private prettyText(reply: string): string {
    return reply.startsWith('{') || reply.startsWith('[') ? prettyPrint(reply) : reply
  }

  private answer(text: string, peer: MiPeer, onProvisional: OnProvisional): Reply | Promise<Reply> {
    const usual = usualRequest(text)
    if (usual !== undefined) {
      const command = this.engine.registry.resolve(usual.method)
      if (!(command instanceof CommandError)) {
        this.traffic.count(Counter.requests)
        return this.valid(command, usual, peer, onProvisional)
      }
    }
    return this.answerParsed(text, peer, onProvisional)
  }

  private answerParsed(text: string, peer: MiPeer, onProvisional: OnProvisional): Reply | Promise<Reply> {
    let request: unknown
    try {
      request = JSON.parse(text)
    } catch (error) {
      return this.parseError(error, peer)
    }
    if (!Array.isArray(request)) return this.single(request, new WrittenIds(text, false), 0, peer, onProvisional)
    return this.batch(request, text, peer, onProvisional)
  }

  private parseError(error: unknown, peer: MiPeer): string {
    this.traffic.count(Counter.requests)
    this.traffic.count(Counter.parse_errors)
    this.log.debug({ transport: this.transport, peer: peer.address, err: error }, 'request is no JSON')
    const text = this.plainErrors ? PARSE_ERROR_TEXT : errorText(PARSE_ERROR, 'null')
    this.observeUnparsed(peer, text)
    return text
  }

  private internalError(error: unknown, peer: MiPeer): string {
    this.traffic.count(Counter.internal_errors)
    this.log.error({ transport: this.transport, peer: peer.address, err: error }, 'the engine failed on a request')
    return this.plainErrors ? INTERNAL_ERROR_TEXT : errorText(INTERNAL_ERROR, 'null')
  }

  private observeUnparsed(peer: MiPeer, text: string): void {
    if (!this.observers.active) return
    this.observers.reply(this.observers.request(undefined, undefined, peer, this.engine.registry), text)
  }

  private batch(
    requests: readonly unknown[],
    text: string,
    peer: MiPeer,
    onProvisional: OnProvisional,
  ): Reply | Promise<Reply> {
    const { maxBatchRequests } = this.engine.limits
    if (requests.length === 0 || requests.length > maxBatchRequests) {
      this.traffic.count(Counter.requests)
      this.traffic.count(Counter.invalid_requests)
      const data = `Batch of ${requests.length} requests exceeds the limit of ${maxBatchRequests}`
      const error =
        requests.length === 0 ? INVALID_REQUEST : new CommandError(ErrorCode.InvalidRequest, undefined, data)
      const reply = errorText(error, 'null')
      this.observeUnparsed(peer, reply)
      return reply
    }
    const ids = new WrittenIds(text, true)
    const replies = requests.map((request, index) => this.single(request, ids, index, peer, onProvisional))
    return areSettled(replies) ? joinBatch(replies) : Promise.all(replies).then(joinBatch)
  }

  /** One request: the object itself, or an element of a batch. */
  private single(
    request: unknown,
    ids: WrittenIds,
    element: number,
    peer: MiPeer,
    onProvisional: OnProvisional,
  ): Reply | Promise<Reply> {
    this.traffic.count(Counter.requests)
    if (!isRecord(request)) return this.invalid(undefined, 'null', peer)
    const { id, method, params } = request
    const hasId = id !== undefined
    const idAsWritten = hasId ? idText(id, ids, element) : 'null'
    if (idAsWritten === undefined) return this.invalid(method, 'null', peer)
    if (request.jsonrpc !== '2.0' || typeof method !== 'string' || !areParams(params)) {
      return this.invalid(method, idAsWritten, peer)
    }
    const command = this.engine.registry.resolve(method)
    return this.valid(command, { method, params, id: hasId ? idAsWritten : undefined }, peer, onProvisional)
  }

  private valid(
    command: Resolution,
    request: ValidRequest,
    peer: MiPeer,
    onProvisional: OnProvisional,
  ): Reply | Promise<Reply> {
    if (request.id === undefined) this.traffic.count(Counter.notifications)
    return this.observers.active
      ? this.runObserved(command, request, peer, onProvisional)
      : this.runner.run(command, request, peer, onProvisional)
  }

  private runObserved(
    command: Resolution,
    request: ValidRequest,
    peer: MiPeer,
    onProvisional: OnProvisional,
  ): Reply | Promise<Reply> {
    const observation = this.observers.request(request.method, request.params, peer, this.engine.registry)
    return this.observed(this.runner.run(command, request, peer, onProvisional), observation)
  }

  private invalid(method: unknown, id: string, peer: MiPeer): string {
    this.traffic.count(Counter.invalid_requests)
    const reply = errorText(INVALID_REQUEST, id)
    if (this.observers.active) {
      const name = typeof method === 'string' ? method : undefined
      this.observers.reply(this.observers.request(name, undefined, peer, this.engine.registry), reply)
    }
    return reply
  }

  private observed(reply: Reply | Promise<Reply>, observation: Observation): Reply | Promise<Reply> {
    if (reply instanceof Promise) return reply.then((late) => this.observed(late, observation))
    if (reply !== null) this.observers.reply(observation, reply)
    return reply
  }
}

function areParams(value: unknown): value is RequestParams {
  return value === undefined || (typeof value === 'object' && value !== null)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function areSettled(replies: readonly (Reply | Promise<Reply>)[]): replies is Reply[] {
  return !replies.some((reply) => reply instanceof Promise)
}

function joinBatch(replies: readonly Reply[]): Reply {
  const answered = replies.filter((reply) => reply !== null)
  return answered.length === 0 ? null : `[${answered.join(',')}]`
}
