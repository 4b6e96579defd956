import type { Execute, MiPeer } from '@mi/contract'
import { readCall, XmlRpcError } from './read-call.js'
import { writeFault, writeReply } from './write-reply.js'

/** Who asks, and how much may be answered. */
export interface XmlRpcOptions {
  readonly peer: MiPeer
  readonly signal?: AbortSignal | undefined
  /** Longest reply, in bytes; what is longer becomes a fault. @default Infinity */
  readonly maxReplyBytes?: number | undefined
}

const DOCTYPE_FAULT = 'parse error. a document type declaration is not accepted'

/**
 * Answers one XML-RPC request by a command of an engine, without JSON between. Never throws and never rejects.
 * @param text a `methodCall`
 * @param execute of a dispatcher, or of an engine
 * @returns a `methodResponse`; a promise only when the command answers later
 */
export function answerXmlRpc(
  text: string,
  execute: Execute,
  { peer, signal, maxReplyBytes = Number.POSITIVE_INFINITY }: XmlRpcOptions,
): string | Promise<string> {
  const limited = (reply: string): string => {
    if (reply.length * 3 <= maxReplyBytes || Buffer.byteLength(reply) <= maxReplyBytes) return reply
    return writeFault({ code: -32000, message: '', data: `Reply exceeds the limit of ${maxReplyBytes} bytes` })
  }
  try {
    const { method, params } = readCall(text)
    const outcome = execute(method, params, { peer, signal })
    return outcome instanceof Promise ? outcome.then((late) => limited(writeReply(late))) : limited(writeReply(outcome))
  } catch (error) {
    if (error instanceof XmlRpcError && error.detail === 'doctype')
      return writeFault({ code: -32700, message: '' }).replace('parse error. not well formed', DOCTYPE_FAULT)
    if (error instanceof XmlRpcError) return writeFault({ code: error.code, message: '', data: error.detail })
    return writeFault({ code: -32000, message: '', data: 'Internal error' })
  }
}
