import {
  type Caller,
  type ChildrenOptions,
  type CommandContract,
  CommandError,
  type Dispatcher,
  type DispatchOptions,
  type DispatchSettings,
  ErrorCode,
  type EventSource,
  type Execute,
  type JsonRpcError,
  type MiLogger,
  type MiPeer,
  type Outcome,
} from '@mi/contract'
import { prettyPrint } from '@mi/internal/pretty-print'
import { Batch, type Reply } from './batch.js'
import { dropChannel } from './channels.js'
import { Counter, type Counters } from './counters.js'
import type { DropLog } from './drop-log.js'
import { type Ended, type EngineState, Execution } from './execution.js'
import {
  errorText,
  invalidRequest,
  isRecord,
  type JsonRpcCall,
  requestProblems,
  successText,
  usualRequest,
} from './json-rpc.js'
import { areParams, jsonText, tooLong } from './json-value.js'
import type { StartChildren } from './processes.js'
import type { Resolution } from './registry.js'
import { idText, WrittenIds } from './request-id.js'
import { type Traced, TraceList, Tracing } from './tracing.js'

/** Errors that come before a command runs. */
const PARSE_ERROR = new CommandError(ErrorCode.ParseError)
const INTERNAL_ERROR = new CommandError(ErrorCode.ServerError, undefined, 'Internal error')

/** The plain texts of mi_fifo and mi_datagram. */
const PARSE_ERROR_TEXT = '400 Parse_error'
const INTERNAL_ERROR_TEXT = '500 Internal error'

/** The peer of calls from within the program. */
export const LOCAL: MiPeer = { transport: 'local' }

/** The id in traces of calls that come without JSON-RPC. */
const TRACED_ID = '1'

const NO_OPTIONS: DispatchOptions = {}

/**
 * The engine for one transport or caller: JSON-RPC text in, text out (`dispatch`), or values in, value out (`execute`). A
 * command that returns a plain value is answered without a promise.
 */
export class EngineDispatcher implements Dispatcher, Caller {
  readonly log: MiLogger
  readonly startChildren: Dispatcher['startChildren']
  /** Undefined without a tracer, which is the usual case and must cost nothing. */
  private readonly tracing: Tracing | undefined
  private readonly texts: Execution<string>
  private readonly values: Execution<unknown>
  private readonly pretty: boolean
  private readonly plainErrors: boolean

  /** @throws TypeError for a `traceBwlist` that is wrong or names an unknown command */
  constructor(
    private readonly engine: EngineState,
    private readonly transport: string,
    settings: DispatchSettings,
    private readonly counters: Counters,
    private readonly drops: DropLog,
    readonly events: EventSource,
    startChildren: StartChildren | undefined,
  ) {
    this.log = engine.log
    this.startChildren = startChildren && ((options: ChildrenOptions) => startChildren(counters.group, options))
    this.pretty = settings.prettyPrinting ?? false
    this.plainErrors = settings.parseErrors !== 'jsonrpc'
    this.texts = new Execution(engine, transport, counters, (command, result, max) => command.text(result, max))
    this.values = new Execution(engine, transport, counters, (command, result, max) => command.value(result, max))
    const traceList = TraceList.parse(settings.traceBwlist, engine.registry)
    const { tracer, backend = transport } = settings
    this.tracing = tracer && new Tracing(tracer, transport, backend, traceList, counters, engine.log)
  }

  dispatch(text: string, peer: MiPeer, options: DispatchOptions = NO_OPTIONS): Reply | Promise<Reply> {
    let reply: Reply | Promise<Reply>
    try {
      this.counters.count(Counter.requests)
      reply = this.reply(text, peer, options)
    } catch (error) {
      reply = this.internalError(error, peer)
    }
    return reply instanceof Promise ? this.finishLater(reply, peer, options) : this.finish(reply, options)
  }

  readonly execute: Execute = (method, params, { peer = LOCAL, signal, onProvisional } = {}) => {
    try {
      this.counters.count(Counter.requests)
      if (typeof method !== 'string' || !areParams(params) || !isSignal(signal)) {
        this.counters.count(Counter.invalid_requests)
        const problems = requestProblems({ jsonrpc: '2.0', method, params }) || 'signal must be an AbortSignal'
        return this.outcome({ value: undefined, error: invalidRequest(problems) })
      }
      const command = this.engine.registry.resolve(method)
      const traced = this.tracing?.request(command, method, params, peer)
      const wanted = { answered: true, maxBytes: this.engine.limits.maxReplyBytes, signal, onProvisional }
      const ended = this.values.run(command, method, params, peer, wanted)
      return ended instanceof Promise ? ended.then((late) => this.outcome(late, traced)) : this.outcome(ended, traced)
    } catch (error) {
      this.internalError(error, peer)
      return this.outcome({ value: undefined, error: INTERNAL_ERROR })
    }
  }

  readonly find = (method: string): CommandContract | undefined => {
    const command = this.engine.registry.resolve(method)
    return command instanceof CommandError ? undefined : command.contract
  }

  readonly drop = (reason: string, fields: Readonly<Record<string, unknown>> = {}, count = 1): void => {
    // Nothing was dropped, then; and a count that is not a number must not spoil the sums.
    if (!(count >= 1)) return
    this.counters.countDrop(reason, count)
    if (dropChannel.hasSubscribers) dropChannel.publish({ transport: this.transport, reason, fields, count })
    this.drops.write(this.transport, reason, fields, count)
  }

  private reply(text: string, peer: MiPeer, options: DispatchOptions): Reply | Promise<Reply> {
    const usual = usualRequest(text)
    if (usual !== undefined) return this.call(usual, peer, options)
    let request: unknown
    try {
      request = JSON.parse(text)
    } catch (error) {
      // The end of a C string, which OpenSIPS does not look beyond.
      if (text.endsWith('\0') && !text.endsWith('\0\0')) return this.reply(text.slice(0, -1), peer, options)
      return this.parseError(error, peer)
    }
    if (Array.isArray(request)) return this.batch(request, text, peer, options)
    return this.entry(request, new WrittenIds(text, false), 0, peer, options)
  }

  private call(request: JsonRpcCall, peer: MiPeer, options: DispatchOptions): Reply | Promise<Reply> {
    if (request.id === undefined) this.counters.count(Counter.notifications)
    const command = this.engine.registry.resolve(request.method)
    if (this.tracing === undefined) return this.run(command, request, peer, options)
    const traced = this.tracing.request(command, request.method, request.params, peer)
    return this.traced(traced, this.run(command, request, peer, options))
  }

  private run(
    command: Resolution,
    { method, params, id }: JsonRpcCall,
    peer: MiPeer,
    options: DispatchOptions,
  ): Reply | Promise<Reply> {
    const maxBytes = this.maxBytes(options)
    const ended = this.texts.run(command, method, params, peer, {
      answered: id !== undefined,
      maxBytes,
      signal: options.signal,
      onProvisional: this.provisional(id, peer, options),
    })
    if (id === undefined) return ended instanceof Promise ? ended.then(() => null) : null
    return ended instanceof Promise
      ? ended.then((late) => replyText(late, id, maxBytes))
      : replyText(ended, id, maxBytes)
  }

  private provisional(id: string | undefined, peer: MiPeer, options: DispatchOptions) {
    const { onProvisional } = options
    if (id === undefined || onProvisional === undefined) return undefined
    const maxBytes = this.maxBytes(options)
    return (result: string) => {
      const text = successText(result, id)
      // The handler learns of it: an error would be a final reply.
      if (isLonger(text, maxBytes)) throw tooLong(maxBytes)
      onProvisional(this.indented(text, options), peer)
    }
  }

  private maxBytes({ maxReplyBytes }: DispatchOptions): number {
    const limit = this.engine.limits.maxReplyBytes
    return maxReplyBytes === undefined || maxReplyBytes > limit ? limit : maxReplyBytes
  }

  // Apart from the functions above, which run for every request.

  private finish(reply: Reply, options: DispatchOptions): Reply {
    if (reply === null) return null
    this.counters.count(Counter.replies)
    return this.indented(reply, options)
  }

  private async finishLater(reply: Promise<Reply>, peer: MiPeer, options: DispatchOptions): Promise<Reply> {
    try {
      return this.finish(await reply, options)
    } catch (error) {
      return this.finish(this.internalError(error, peer), options)
    }
  }

  /** A reply that would be too long indented goes out as it is. The plain texts of errors stay as they are. */
  private indented(reply: string, options: DispatchOptions): string {
    if (!this.pretty || !(reply.startsWith('{') || reply.startsWith('['))) return reply
    const maxBytes = this.maxBytes(options)
    const text = prettyPrint(reply, maxBytes)
    return text !== undefined && Buffer.byteLength(text) <= maxBytes ? text : reply
  }

  /** One request that was parsed: the object itself, or an element of a batch. */
  private entry(
    request: unknown,
    ids: WrittenIds,
    element: number,
    peer: MiPeer,
    options: DispatchOptions,
  ): Reply | Promise<Reply> {
    if (!isRecord(request)) return this.invalid(request, 'null', peer)
    const { id, method, params } = request
    const hasId = id !== undefined
    const idAsWritten = hasId ? idText(id, ids, element) : 'null'
    if (idAsWritten === undefined || request.jsonrpc !== '2.0' || typeof method !== 'string' || !areParams(params)) {
      return this.invalid(request, idAsWritten ?? 'null', peer)
    }
    return this.call({ method, params, id: hasId ? idAsWritten : undefined }, peer, options)
  }

  private batch(
    requests: readonly unknown[],
    text: string,
    peer: MiPeer,
    options: DispatchOptions,
  ): Reply | Promise<Reply> {
    const { maxBatchRequests } = this.engine.limits
    if (requests.length === 0) return this.refuseText(invalidRequest('a batch must hold at least one request'), peer)
    if (requests.length > maxBatchRequests) {
      const problem = `Batch of ${requests.length} requests exceeds the limit of ${maxBatchRequests}`
      return this.refuseText(invalidRequest(problem), peer)
    }
    this.counters.count(Counter.requests, requests.length - 1)
    const ids = new WrittenIds(text, true)
    const maxBytes = this.maxBytes(options)
    const reply = new Batch(
      {
        count: requests.length,
        run: (index) => this.guardedEntry(requests[index], ids, index, peer, options),
        refuse: (index, error) => this.refuseEntry(requests[index], ids, index, error),
      },
      maxBytes,
    ).run()
    if (!(reply instanceof Promise)) return fittingBatch(reply, maxBytes)
    this.engine.inFlight.addBatch(reply)
    return reply.then((late) => fittingBatch(late, maxBytes))
  }

  /** A failure of the engine on one entry is the reply to that entry alone. */
  private guardedEntry(
    request: unknown,
    ids: WrittenIds,
    element: number,
    peer: MiPeer,
    options: DispatchOptions,
  ): Reply | Promise<Reply> {
    const failed = (error: unknown): Reply => {
      this.internalError(error, peer)
      return this.refuseEntry(request, ids, element, INTERNAL_ERROR)
    }
    try {
      const reply = this.entry(request, ids, element, peer, options)
      return reply instanceof Promise ? reply.catch(failed) : reply
    } catch (error) {
      return failed(error)
    }
  }

  private refuseEntry(request: unknown, ids: WrittenIds, element: number, error: CommandError): Reply {
    this.counters.count(Counter.command_failures)
    const { id } = isRecord(request) ? request : { id: null }
    return id === undefined ? null : errorText(error, idText(id, ids, element) ?? 'null')
  }

  private parseError(error: unknown, peer: MiPeer): string {
    this.counters.count(Counter.parse_errors)
    this.log.debug({ transport: this.transport, peer: peer.address, err: error }, 'request is not JSON')
    const text = this.plainErrors ? PARSE_ERROR_TEXT : errorText(PARSE_ERROR, 'null')
    this.tracing?.reply(this.tracing.request(undefined, undefined, undefined, peer), text)
    return text
  }

  /** What is refused as a whole, before any of its entries. */
  private refuseText(error: JsonRpcError, peer: MiPeer): string {
    this.counters.count(Counter.invalid_requests)
    const text = errorText(error, 'null')
    this.tracing?.reply(this.tracing.request(undefined, undefined, undefined, peer), text)
    return text
  }

  private invalid(request: unknown, id: string, peer: MiPeer): string {
    this.counters.count(Counter.invalid_requests)
    const text = errorText(invalidRequest(requestProblems(request)), id)
    if (this.tracing !== undefined) {
      const name = isRecord(request) && typeof request.method === 'string' ? request.method : undefined
      const command = name === undefined ? undefined : this.engine.registry.resolve(name)
      this.tracing.reply(this.tracing.request(command, name, undefined, peer), text)
    }
    return text
  }

  private internalError(error: unknown, peer: MiPeer): string {
    this.counters.count(Counter.internal_errors)
    this.log.error({ transport: this.transport, peer: peer.address, err: error }, 'the engine failed on a request')
    return this.plainErrors ? INTERNAL_ERROR_TEXT : errorText(INTERNAL_ERROR, 'null')
  }

  private traced(traced: Traced | undefined, reply: Reply | Promise<Reply>): Reply | Promise<Reply> {
    if (reply instanceof Promise) return reply.then((late) => this.traced(traced, late))
    if (reply !== null) this.tracing?.reply(traced, reply)
    return reply
  }

  private outcome({ value, error }: Ended<unknown>, traced?: Traced | undefined): Outcome {
    this.counters.count(Counter.replies)
    const { maxReplyBytes } = this.engine.limits
    if (error === undefined) {
      this.tracing?.replyWith(traced, () => successText(jsonText(value, maxReplyBytes), TRACED_ID))
      return { value }
    }
    const { code, message, data } = error
    this.tracing?.replyWith(traced, () => errorText(error, TRACED_ID))
    return { error: data === undefined ? { code, message } : { code, message, data } }
  }
}

function replyText({ value, error }: Ended<string>, id: string, maxBytes: number): string {
  const text = error === undefined ? successText(value, id) : errorText(error, id)
  // The text around a result takes room too.
  if (!isLonger(text, maxBytes)) return text
  const shorter = errorText(tooLong(maxBytes), id)
  return isLonger(shorter, maxBytes) ? errorText(tooLong(maxBytes), 'null') : shorter
}

/** A UTF-16 unit takes three bytes at most: most texts need not be counted. */
function isLonger(text: string, maxBytes: number): boolean {
  return text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes
}

/** Of a batch even the errors may be too long. */
function fittingBatch(reply: Reply, maxBytes: number): Reply {
  if (reply === null || Buffer.byteLength(reply) <= maxBytes) return reply
  return errorText(tooLong(maxBytes), 'null')
}

/** Plain JavaScript callers may pass an AbortController: it would be found out in the middle of a command. */
function isSignal(value: Partial<AbortSignal> | undefined): boolean {
  return value === undefined || typeof value?.addEventListener === 'function'
}
