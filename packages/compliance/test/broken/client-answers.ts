import type { ClientMessage, ClientReply, ClientTransport } from '@mi/contract'
import { ReferenceClient } from '../reference/client.js'
import type { Frame } from '../reference/wire.js'
import type { BrokenClient } from './clients.js'

const plain = 'carries a request once, as it is'

/** Broken in what they carry. */
export const brokenAnswers: readonly BrokenClient[] = [
  { fault: 'writes requests anew', failsIn: 'carries white space', make: changingRequests(rewritten) },
  { fault: 'writes answers anew', failsIn: 'carries white space', make: changingAnswers(rewritten) },
  {
    fault: 'sends a request twice',
    failsIn: plain,
    make: (path) =>
      new (class extends ReferenceClient {
        override async request(message: ClientMessage): Promise<string | null> {
          const [answer = null] = await Promise.all([super.request(message), super.request(message)])
          return answer
        }
      })(path),
  },
  { fault: 'adds a line break to requests', failsIn: plain, make: changingRequests((text) => `${text}\n`) },
  { fault: 'adds a line break to answers', failsIn: plain, make: changingAnswers((text) => `${text}\n`) },
  {
    fault: 'sends requests as Latin-1',
    failsIn: 'carries characters of every kind',
    make: changingRequests((text) => Buffer.from(text, 'latin1').toString()),
  },
  {
    fault: 'reads answers as Latin-1',
    failsIn: 'carries characters of every kind',
    make: changingAnswers((text) => Buffer.from(text).toString('latin1')),
  },
  {
    fault: 'joins the lines of answers',
    failsIn: 'carries texts of several lines',
    make: changingAnswers((text) => text.replaceAll(/\s*\n\s*/g, ' ')),
  },
  {
    fault: 'knows ids that are numbers only',
    failsIn: 'carries an id that is a text',
    make: (path) =>
      new (class extends ReferenceClient {
        protected override arrived(frame: Frame): void {
          if (/"id":\d/.test(frame.text)) super.arrived(frame)
        }
      })(path),
  },
  {
    fault: 'throws error answers',
    failsIn: 'brings back an error answer',
    make: throwing((text) => text.includes('"error"')),
  },
  {
    fault: 'throws answers that are no JSON',
    failsIn: 'brings back a reply that is not JSON',
    make: throwing((text) => !text.startsWith('{')),
  },
  {
    fault: 'cuts requests at 32 KiB',
    failsIn: 'carries a request of 60000 and an answer of 60000 bytes',
    make: changingRequests((text) => text.slice(0, 32_768)),
  },
  {
    fault: 'cuts answers at 64 KiB',
    failsIn: 'carries a request of 60000 and an answer of 1000000 bytes',
    make: changingAnswers((text) => text.slice(0, 65_536)),
  },
  {
    fault: 'waits for an answer to a notification',
    failsIn: 'resolves with null once a notification is sent',
    make: (path) =>
      new (class extends ReferenceClient {
        override request(message: ClientMessage): Promise<string | null> {
          return super.request({ ...message, ids: [1] })
        }
      })(path),
  },
  {
    fault: 'resolves with an empty text for a notification',
    failsIn: 'resolves with null once a notification is sent',
    make: (path) =>
      new (class extends ReferenceClient {
        override async request(message: ClientMessage): Promise<string | null> {
          return (await super.request(message)) ?? ''
        }
      })(path),
  },
  {
    fault: 'does not send notifications',
    failsIn: 'resolves with null once a notification is sent',
    make: (path) =>
      new (class extends ReferenceClient {
        override async request(message: ClientMessage): Promise<string | null> {
          return message.ids.length === 0 ? null : await super.request(message)
        }
      })(path),
  },
  {
    fault: 'never says that it has sent',
    failsIn: 'says once that a request is sent',
    make: (path) =>
      new (class extends ReferenceClient {
        override request(message: ClientMessage): Promise<string | null> {
          return super.request({ ...message, onSent: undefined })
        }
      })(path),
  },
  {
    fault: 'hands on something else than the text says',
    failsIn: plain,
    make: (path) => new MisparsingClient(path),
  },
  {
    fault: 'expects the answers of a batch in order',
    failsIn: 'carries a batch',
    make: throwing((text) => text.startsWith('[') && text.indexOf('"id":2') < text.indexOf('"id":1')),
  },
  {
    fault: 'gives the first answer to the first request',
    failsIn: 'gives each of 12 requests under way its own answer',
    make: (path) =>
      new (class extends ReferenceClient {
        protected override arrived(frame: Frame): void {
          const [first = frame.key] = this.waiting.keys()
          super.arrived({ ...frame, key: first })
        }
      })(path),
  },
  {
    fault: 'takes a provisional answer for the final one',
    failsIn: 'hands over provisional answers in their order',
    make: (path) =>
      new (class extends ReferenceClient {
        protected override arrived(frame: Frame): void {
          super.arrived({ ...frame, provisional: false })
        }
      })(path),
  },
  {
    fault: 'hands over the final answer as a provisional one, too',
    failsIn: 'hands over provisional answers in their order',
    make: (path) =>
      new (class extends ReferenceClient {
        protected override arrived(frame: Frame): void {
          if (!frame.provisional) super.arrived({ ...frame, provisional: true })
          super.arrived(frame)
        }
      })(path),
  },
  {
    fault: 'needs someone who takes provisional answers',
    failsIn: 'resolves with the final answer when nobody asked',
    make: (path) =>
      new (class extends ReferenceClient {
        protected override arrived(frame: Frame): void {
          const request = this.waiting.get(frame.key)
          if (frame.provisional && request?.message.onProvisional === undefined) request?.reject(new TypeError('no'))
          else super.arrived(frame)
        }
      })(path),
  },
  {
    fault: 'holds provisional answers back',
    failsIn: 'hands over a provisional answer at once',
    make: (path) =>
      new (class extends ReferenceClient {
        private readonly heldBack: Frame[] = []
        protected override arrived(frame: Frame): void {
          if (frame.provisional) this.heldBack.push(frame)
          else for (const one of [...this.heldBack.splice(0), frame]) super.arrived(one)
        }
      })(path),
  },
]

function rewritten(text: string): string {
  return JSON.stringify(JSON.parse(text))
}

function changingRequests(change: (text: string) => string): (path: string) => ReferenceClient {
  return (path) =>
    new (class extends ReferenceClient {
      override request(message: ClientMessage): Promise<string | null> {
        return super.request({ ...message, text: change(message.text) })
      }
    })(path)
}

function changingAnswers(change: (text: string) => string): (path: string) => ReferenceClient {
  return (path) =>
    new (class extends ReferenceClient {
      protected override arrived(frame: Frame): void {
        super.arrived({ ...frame, text: change(frame.text) })
      }
    })(path)
}

function throwing(when: (text: string) => boolean): (path: string) => ReferenceClient {
  return (path) =>
    new (class extends ReferenceClient {
      protected override arrived(frame: Frame): void {
        if (when(frame.text)) this.waiting.get(frame.key)?.reject(new Error(frame.text))
        else super.arrived(frame)
      }
    })(path)
}

class MisparsingClient implements ClientTransport {
  readonly name = 'misparsing'
  private readonly inner: ReferenceClient

  constructor(path: string) {
    this.inner = new ReferenceClient(path)
  }

  async request(message: ClientMessage): Promise<ClientReply | null> {
    const text = await this.inner.request(message)
    return text === null ? null : { text, json: { result: 'something else' } }
  }

  close(): Promise<void> {
    return this.inner.close()
  }
}
