/** A request as a responder over datagrams received it. */
export interface DatagramRequest {
  readonly text: string
  readonly id: number
  /** `batch` for an array. */
  readonly method: string
  readonly params: unknown
  /** Sends each text as a datagram. */
  reply(...texts: readonly string[]): Promise<void>
}

export type DatagramBehaviour = (request: DatagramRequest) => unknown

/** A server end that keeps what it receives and answers as it is told, with none of the code under test. */
export abstract class DatagramResponder {
  /** Every datagram that arrived. */
  readonly texts: string[] = []
  readonly received: DatagramRequest[] = []
  private readonly behaviours = new Map<string, DatagramBehaviour>()

  on(method: string, behaviour: DatagramBehaviour): this {
    this.behaviours.set(method, behaviour)
    return this
  }

  abstract close(): Promise<void>

  protected take(text: string, reply: DatagramRequest['reply']): void {
    this.texts.push(text)
    const { id = 0, method = 'batch', params } = fields(JSON.parse(text))
    const request: DatagramRequest = { text, id, method, params, reply }
    this.received.push(request)
    this.behaviours.get(method)?.(request)
  }
}

interface Fields {
  readonly id?: number
  readonly method?: string
  readonly params?: unknown
}

/** True for what the client sends, which is all that comes here: an object with these fields, or an array without. */
function fields(parsed: unknown): Fields {
  return Array.isArray(parsed) ? { params: parsed } : (parsed as Fields)
}
