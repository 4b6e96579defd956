import { ErrorCode } from '@mi/contract'
import { replyId } from './reply-id.js'

/**
 * What is answered in place of a reply that does not fit a datagram: a JSON-RPC error with the same id.
 * @param octets how many the reply has
 * @param limit in octets; undefined when only the system knows it
 * @param pretty indented as OpenSIPS does it
 */
export function tooLongReply(reply: string, octets: number, limit: number | undefined, pretty: boolean): string {
  const bound = limit === undefined ? "the system's send buffer" : `${limit} bytes`
  const data = `Reply of ${octets} bytes exceeds the limit of ${bound}`
  const code = ErrorCode.ServerError
  const id = replyId(reply)
  return pretty
    ? `{\n\t"jsonrpc":\t"2.0",\n\t"error":\t{\n\t\t"code":\t${code},\n\t\t"message":\t"Server error",\n\t\t"data":\t"${data}"\n\t},\n\t"id":\t${id}\n}`
    : `{"jsonrpc":"2.0","error":{"code":${code},"message":"Server error","data":"${data}"},"id":${id}}`
}

/** The plain text that answers a request which is too long to be taken. */
export function tooLongRequest(limit: number): string {
  return `413 Request too large: the limit is ${limit} octets (socketBufSize); send less, or raise the limit`
}
