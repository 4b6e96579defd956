import type { Dispatcher, MiPeer } from '@mi/contract'
import { type Connection, ReferenceServer, type ReferenceServerOptions } from '../reference/server.js'
import type { BrokenServer } from './servers.js'

/** Broken in what becomes of the answers. */
export const brokenReplies: readonly BrokenServer[] = [
  {
    fault: 'answers twice',
    failsIn: 'answers a request once, with the very text of the dispatcher',
    make: (options) =>
      new (class extends ReferenceServer {
        protected override async send(
          connection: Connection,
          key: string,
          text: string,
          provisional = false,
        ): Promise<void> {
          await super.send(connection, key, text, provisional)
          await super.send(connection, key, text, provisional)
        }
      })(options),
  },
  {
    fault: 'adds a line break to answers',
    failsIn: 'answers a request once, with the very text of the dispatcher',
    make: changingReplies((text) => `${text}\n`),
  },
  {
    fault: 'counts answers that arrived as dropped',
    failsIn: 'answers a request once, with the very text of the dispatcher',
    make: (options) =>
      new (class extends ReferenceServer {
        protected override async send(connection: Connection, key: string, text: string): Promise<void> {
          await super.send(connection, key, text)
          this.drop('peer_gone')
        }
      })(options),
  },
  {
    fault: 'takes a promised answer for none',
    failsIn: 'answers once with a text that the dispatcher promised',
    make: (options) =>
      new (class extends ReferenceServer {
        protected override async reply(
          connection: Connection,
          key: string,
          answer: string | null | Promise<string | null>,
          early: readonly string[],
        ): Promise<void> {
          if (!(answer instanceof Promise)) await super.reply(connection, key, answer, early)
        }
      })(options),
  },
  {
    fault: 'sends JSON only',
    failsIn: 'carries a reply that is not JSON',
    make: changingReplies((text) => (text.startsWith('{') ? text : 'null')),
  },
  {
    fault: 'sends answers as Latin-1',
    failsIn: 'carries characters of every kind in an answer',
    make: changingReplies((text) => Buffer.from(text, 'latin1').toString()),
  },
  {
    fault: 'joins the lines of an answer',
    failsIn: 'carries an answer of several lines',
    make: changingReplies((text) => text.replaceAll(/\s*\n\s*/g, ' ')),
  },
  {
    fault: 'cuts answers at 32 KiB',
    failsIn: 'carries an answer of 60000 bytes',
    make: changingReplies((text) => text.slice(0, 32_768)),
  },
  {
    fault: 'cuts answers at 64 KiB',
    failsIn: 'carries an answer of 1000000 bytes',
    make: changingReplies((text) => text.slice(0, 65_536)),
  },
  {
    fault: 'loses answers over its limit in silence',
    failsIn: 'counts or replaces an answer that is larger',
    traits: { maxReplyBytes: 20_000 },
    make: changingReplies((text) => text, 20_000),
  },
  {
    fault: 'sends answers over its limit all the same',
    failsIn: 'counts or replaces an answer that is larger',
    traits: { maxReplyBytes: 20_000 },
    make: (options) => new ReferenceServer(options),
  },
  {
    fault: 'answers notifications',
    failsIn: 'sends nothing when the dispatcher answers null',
    make: nullAnswers((server, connection, key) => server.sendNow(connection, key, 'null')),
  },
  {
    fault: 'counts notifications as dropped',
    failsIn: 'sends nothing when the dispatcher answers null',
    make: nullAnswers((server) => server.dropNow('no_answer')),
  },
  {
    fault: 'mixes up its peers',
    failsIn: 'gives each of 12 peers its own answer',
    make: (options) =>
      new (class extends ReferenceServer {
        protected override send(connection: Connection, key: string, text: string): Promise<void> {
          const [first = connection] = this.connections
          return super.send(first, key, text)
        }
      })(options),
  },
  {
    fault: 'remembers one request of each peer only',
    failsIn: 'gives one peer with several requests under way every answer once',
    make: (options) =>
      new (class extends ReferenceServer {
        private readonly latest = new Map<Connection, string>()
        protected override take(connection: Connection, key: string, text: string): void {
          this.latest.set(connection, key)
          super.take(connection, key, text)
        }
        protected override async send(connection: Connection, key: string, text: string): Promise<void> {
          if (this.latest.get(connection) === key) await super.send(connection, key, text)
        }
      })(options),
  },
  {
    fault: 'answers in the order of the requests',
    failsIn: 'lets a quick command overtake a slow one',
    make: (options) =>
      new (class extends ReferenceServer {
        private before: Promise<void> = Promise.resolve()
        protected override reply(
          connection: Connection,
          key: string,
          answer: string | null | Promise<string | null>,
          early: readonly string[],
        ): Promise<void> {
          this.before = this.before.then(() => super.reply(connection, key, answer, early))
          return this.before
        }
      })(options),
  },
  {
    fault: 'takes no provisional answers',
    failsIn: 'sends provisional answers before the final one, in their order',
    make: (options) =>
      new (class extends ReferenceServer {
        override listen(dispatcher: Dispatcher): Promise<void> {
          const dispatch = (text: string, peer: MiPeer) => dispatcher.dispatch(text, peer)
          return super.listen({
            dispatch,
            execute: dispatcher.execute,
            drop: (reason) => dispatcher.drop(reason),
            log: dispatcher.log,
          })
        }
      })(options),
  },
  {
    fault: 'loses provisional answers',
    failsIn: 'sends provisional answers before the final one, in their order',
    make: (options) => new ReferenceServer({ ...options, provisional: 'never' }),
  },
  {
    fault: 'sends provisional answers latest first',
    failsIn: 'sends provisional answers before the final one, in their order',
    make: (options) =>
      new (class extends ReferenceServer {
        protected override reply(
          connection: Connection,
          key: string,
          answer: string | null | Promise<string | null>,
          early: string[],
        ): Promise<void> {
          return super.reply(
            connection,
            key,
            Promise.resolve(answer).finally(() => early.reverse()),
            early,
          )
        }
      })({ ...options, provisional: 'withFinal' }),
  },
  {
    fault: 'holds provisional answers back',
    failsIn: 'sends a provisional answer at once',
    make: (options) => new ReferenceServer({ ...options, provisional: 'withFinal' }),
  },
  {
    fault: 'sends provisional answers that it says it does not carry',
    failsIn: 'sends the final answer alone',
    traits: { provisional: 'never' },
    make: (options) => new ReferenceServer(options),
  },
]

function changingReplies(
  change: (text: string) => string,
  silentOver = Number.POSITIVE_INFINITY,
): (options: ReferenceServerOptions) => ReferenceServer {
  return (options) =>
    new (class extends ReferenceServer {
      protected override async send(connection: Connection, key: string, text: string, early = false): Promise<void> {
        if (text.length <= silentOver) await super.send(connection, key, change(text), early)
      }
    })(options)
}

class OpenServer extends ReferenceServer {
  sendNow(connection: Connection, key: string, text: string): Promise<void> {
    return this.send(connection, key, text)
  }
  dropNow(reason: string): void {
    this.drop(reason)
  }
}

function nullAnswers(
  react: (server: OpenServer, connection: Connection, key: string) => Promise<void> | void,
): (options: ReferenceServerOptions) => ReferenceServer {
  return (options) =>
    new (class extends OpenServer {
      protected override async reply(
        connection: Connection,
        key: string,
        answer: string | null | Promise<string | null>,
        early: readonly string[],
      ): Promise<void> {
        if ((await answer) === null) await react(this, connection, key)
        else await super.reply(connection, key, answer, early)
      }
    })(options)
}
