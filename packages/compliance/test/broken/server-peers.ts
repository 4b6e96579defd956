import { type Connection, ReferenceServer, type ReferenceServerOptions } from '../reference/server.js'
import type { BrokenServer } from './servers.js'

/** Broken in how it bears peers that misbehave. */
export const brokenPeers: readonly BrokenServer[] = [
  {
    fault: 'dies of a peer that has gone',
    failsIn: 'serves on when a peer has gone before its answer',
    make: changingDrops((_, server) => void server.close()),
  },
  {
    fault: 'loses an answer in silence when its peer has gone',
    failsIn: 'counts the answer to a peer that has gone',
    make: changingDrops(() => undefined),
  },
  {
    fault: 'counts a lost answer twice',
    failsIn: 'counts the answer to a peer that has gone',
    make: changingDrops((reason, _, drop) => {
      drop(reason)
      drop(reason)
    }),
  },
  {
    fault: 'gives reasons in prose',
    failsIn: 'counts the answer to a peer that has gone',
    make: changingDrops((_reason, _server, drop) => drop('The peer has gone away: EPIPE')),
  },
  {
    fault: 'waits for a slow peer before it serves another',
    failsIn: 'serves others while a peer does not read',
    make: (options) =>
      new (class extends ReferenceServer {
        private before: Promise<void> = Promise.resolve()
        protected override send(connection: Connection, key: string, text: string): Promise<void> {
          this.before = this.before.then(() => super.send(connection, key, text))
          return this.before
        }
      })(options),
  },
  {
    fault: 'never gives a slow peer up',
    failsIn: 'drops and counts the answer to a peer that does not read',
    make: (options) => new ReferenceServer({ ...options, replyTimeoutMs: 60_000 }),
  },
  {
    fault: 'gives a slow peer up in silence',
    failsIn: 'drops and counts the answer to a peer that does not read',
    make: changingDrops(() => undefined),
  },
  {
    fault: 'loses every third answer in silence',
    failsIn: 'accounts for every answer',
    make: (options) =>
      new (class extends ReferenceServer {
        private count = 0
        protected override async send(connection: Connection, key: string, text: string): Promise<void> {
          if (++this.count % 3 !== 0) await super.send(connection, key, text)
        }
      })(options),
  },
  {
    fault: 'counts only the first lost answer',
    failsIn: 'accounts for every answer',
    make: (options) => {
      let count = 0
      return changingDrops((reason, _, drop) => {
        if (++count === 1) drop(reason)
      })(options)
    },
  },
  {
    fault: 'keeps a timer for each peer that has gone',
    failsIn: 'leaves nothing after close when peers had gone',
    make: changingDrops((reason, _, drop) => {
      setTimeout(() => undefined, 5000).unref()
      drop(reason)
    }),
  },
]

function changingDrops(
  change: (reason: string, server: ReferenceServer, drop: (reason: string) => void) => void,
): (options: ReferenceServerOptions) => ReferenceServer {
  return (options) =>
    new (class extends ReferenceServer {
      protected override drop(reason: string): void {
        change(reason, this, (changed) => super.drop(changed))
      }
    })(options)
}
