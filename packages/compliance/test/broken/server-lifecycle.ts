import { openSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:net'
import { type Dispatcher, MiError } from '@mi/contract'
import { type Connection, ReferenceServer, type ReferenceServerOptions } from '../reference/server.js'
import type { BrokenServer } from './servers.js'

/** Broken in how it begins and ends. */
export const brokenLifecycle: readonly BrokenServer[] = [
  {
    fault: 'makes its file when it is created',
    failsIn: 'opens nothing until it listens',
    make: (options) => {
      writeFileSync(`${options.path}.left`, '')
      return new ReferenceServer(options)
    },
  },
  {
    fault: 'opens a descriptor when it is created',
    failsIn: 'opens nothing until it listens',
    make: (options) => {
      openSync('/dev/null', 'r')
      return new ReferenceServer(options)
    },
  },
  {
    fault: 'starts a timer when it is created',
    failsIn: 'opens nothing until it listens',
    make: (options) => {
      setTimeout(() => undefined, 5000).unref()
      return new ReferenceServer(options)
    },
  },
  {
    fault: 'resolves listen before it listens',
    failsIn: 'serves as soon as listen has resolved',
    make: (options) =>
      new (class extends ReferenceServer {
        private listening: Promise<void> = Promise.resolve()
        override async listen(dispatcher: Dispatcher): Promise<void> {
          this.listening = new Promise<void>((resolve) => setTimeout(resolve, 30)).then(() => super.listen(dispatcher))
        }
        override async close(): Promise<void> {
          await this.listening
          await super.close()
        }
      })(options),
  },
  {
    fault: 'rejects listen with an error of another kind',
    failsIn: 'rejects listen with MI_LISTEN',
    make: failingListen(() => new Error('EACCES')),
  },
  {
    fault: 'rejects listen with another code',
    failsIn: 'rejects listen with MI_LISTEN',
    make: failingListen((address) => new MiError('MI_CONNECTION', `cannot listen on ${address}`)),
  },
  {
    fault: 'does not say where it could not listen',
    failsIn: 'rejects listen with MI_LISTEN',
    make: failingListen(() => new MiError('MI_LISTEN', 'cannot listen')),
  },
  {
    fault: 'leaves a descriptor when it cannot listen',
    failsIn: 'rejects listen with MI_LISTEN',
    make: failingListen((address) => {
      openSync('/dev/null', 'r')
      return new MiError('MI_LISTEN', `cannot listen on ${address}`)
    }),
  },
  {
    fault: 'resolves listen although it cannot',
    failsIn: 'rejects listen with MI_LISTEN',
    make: (options) =>
      new (class extends ReferenceServer {
        override async listen(dispatcher: Dispatcher): Promise<void> {
          await super.listen(dispatcher).catch(() => undefined)
        }
      })(options),
  },
  {
    fault: 'cannot be closed before it has listened',
    failsIn: 'may be closed before it has listened',
    make: (options) =>
      new (class extends ReferenceServer {
        override async close(): Promise<void> {
          if (this.dispatcher === undefined) throw new Error('not listening')
          await super.close()
        }
      })(options),
  },
  {
    fault: 'rejects the second close',
    failsIn: 'may be closed again',
    make: (options) =>
      new (class extends ReferenceServer {
        override async close(): Promise<void> {
          if (this.closing) throw new Error('already closed')
          await super.close()
        }
      })(options),
  },
  {
    fault: 'cannot listen twice',
    failsIn: 'listens and serves again after close',
    make: (options) =>
      new (class extends ReferenceServer {
        override async listen(dispatcher: Dispatcher): Promise<void> {
          if (this.closing) throw new MiError('MI_LISTEN', 'only once')
          await super.listen(dispatcher)
        }
      })(options),
  },
  {
    fault: 'is deaf after it was closed once',
    failsIn: 'listens and serves again after close',
    make: (options) =>
      new (class extends ReferenceServer {
        private deaf = false
        override async close(): Promise<void> {
          this.deaf = true
          await super.close()
        }
        protected override take(connection: Connection, key: string, text: string): void {
          if (!this.deaf) super.take(connection, key, text)
        }
      })(options),
  },
  {
    fault: 'resolves close while an answer is owed',
    failsIn: 'answers what is in flight before close resolves',
    make: (options) =>
      new (class extends ReferenceServer {
        protected override async settleOwed(): Promise<void> {}
      })(options),
  },
  {
    fault: 'hangs up before it has answered what is in flight',
    failsIn: 'answers what is in flight before close resolves',
    make: (options) =>
      new (class extends ReferenceServer {
        protected override async settleOwed(): Promise<void> {
          for (const { socket } of this.connections) socket.destroy()
          await super.settleOwed()
        }
      })(options),
  },
  {
    fault: 'takes requests while it closes',
    failsIn: 'takes no new requests once close was called',
    make: (options) =>
      new (class extends ReferenceServer {
        protected override stopReading(): void {
          this.closing = false
        }
      })(options),
  },
  {
    fault: 'goes on to listen after close',
    failsIn: 'leaves no handle that keeps the process alive after close',
    make: (options) =>
      new (class extends ReferenceServer {
        protected override async release(server: Server): Promise<void> {
          // The suite's own clearing up would wait for ever otherwise.
          setTimeout(() => server.close(), 5000).unref()
          for (const { socket } of this.connections) socket.destroySoon()
        }
      })(options),
  },
]

function failingListen(error: (address: string) => Error): (options: ReferenceServerOptions) => ReferenceServer {
  return (options) =>
    new (class extends ReferenceServer {
      protected override listenError(): Error {
        return error(this.address)
      }
    })(options)
}
