/** A reply as it goes out. */
export interface HttpReply {
  readonly status: number
  /** Undefined with an empty body. */
  readonly type?: string | undefined
  readonly body: string
  readonly headers?: Readonly<Record<string, string>> | undefined
}

export const JSON_TYPE = 'application/json'
const TEXT_TYPE = 'text/plain; charset=utf-8'

/** Why a request was refused. Each becomes a statistic. */
export type RefusalReason =
  | 'bad_request'
  | 'closed'
  | 'empty_request'
  | 'foreign_host'
  | 'foreign_origin'
  | 'login_failed'
  | 'not_allowed'
  | 'not_found'
  | 'request_timeout'
  | 'request_too_large'
  | 'too_many_connections'
  | 'too_many_logins'
  | 'too_many_pending'
  | 'too_many_requests'
  | 'unauthorized'
  | 'wrong_method'
  | 'wrong_type'

/** A request that is not carried out: its status, why, and what to do about it. The text is one line. */
export class Refusal extends Error {
  override readonly name = 'Refusal'

  constructor(
    readonly status: number,
    readonly reason: RefusalReason,
    text: string,
    readonly headers: Readonly<Record<string, string>> = {},
    /** What the log says besides. */
    readonly facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(text)
  }

  get reply(): HttpReply {
    const reply = textReply(this.status, this.message)
    return { ...reply, headers: { ...reply.headers, ...this.headers } }
  }
}

/** @param text one line; it may show what the peer sent, which no browser may take for a page */
export function textReply(status: number, text: string): HttpReply {
  return { status, type: TEXT_TYPE, body: `${text}\n`, headers: { 'X-Content-Type-Options': 'nosniff' } }
}

export function tooLarge(maxRequestBytes: number): Refusal {
  return new Refusal(
    413,
    'request_too_large',
    `the request is longer than ${maxRequestBytes} bytes (maxRequestBytes): send less, or raise the limit`,
  )
}

/** A text of a peer in a reply or log line: short, and without what could end the line. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text)
}
