import type { Dispatcher, MiPeer } from '@mi/contract'
import { type Connection, ReferenceServer, type ReferenceServerOptions } from '../reference/server.js'
import { type Found, FrameReader } from '../reference/wire.js'
import type { BrokenServer } from './servers.js'

/** Broken in how requests reach the dispatcher. */
export const brokenRequests: readonly BrokenServer[] = [
  {
    fault: 'writes requests anew',
    failsIn: 'hands a request over as it was written',
    make: changingRequests((text) => JSON.stringify(JSON.parse(text))),
  },
  {
    fault: 'hands a request over twice',
    failsIn: 'hands a request over as it was written',
    make: (options) =>
      new (class extends ReferenceServer {
        protected override take(connection: Connection, key: string, text: string): void {
          super.take(connection, key, text)
          super.take(connection, key, text)
        }
      })(options),
  },
  {
    fault: 'reads requests as Latin-1',
    failsIn: 'hands over characters of every kind',
    make: changingRequests((text) => Buffer.from(text).toString('latin1')),
  },
  {
    fault: 'joins the lines of a request',
    failsIn: 'hands over a request of several lines',
    make: changingRequests((text) => text.replaceAll(/\s*\n\s*/g, ' ')),
  },
  {
    fault: 'takes batches apart',
    failsIn: 'hands over a batch',
    make: (options) =>
      new (class extends ReferenceServer {
        protected override take(connection: Connection, key: string, text: string): void {
          const request: unknown = JSON.parse(text)
          for (const part of Array.isArray(request) ? request : [request]) {
            super.take(connection, key, JSON.stringify(part))
          }
        }
      })(options),
  },
  {
    fault: 'cuts long requests',
    failsIn: 'hands over a request of 60000 bytes',
    make: changingRequests((text) => text.slice(0, 32_768)),
  },
  {
    fault: 'calls itself something else in the peer',
    failsIn: 'names itself in the peer',
    make: (options) =>
      new (class extends ReferenceServer {
        override listen(dispatcher: Dispatcher): Promise<void> {
          const dispatch = (text: string, peer: MiPeer) => dispatcher.dispatch(text, { ...peer, transport: 'socket' })
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
    fault: 'decodes each piece by itself',
    failsIn: 'puts a request together that arrives in pieces',
    make: (options) =>
      new (class extends ReferenceServer {
        protected override read(connection: Connection, piece: Buffer): void {
          super.read(connection, Buffer.from(piece.toString()))
        }
      })(options),
  },
  {
    fault: 'takes each piece for a request',
    failsIn: 'puts a request together that arrives in pieces',
    make: (options) =>
      new (class extends ReferenceServer {
        protected override read(connection: Connection, piece: Buffer): void {
          const found = new FrameReader(1_000_000).read(Buffer.concat([piece, Buffer.of(0)]))
          for (const one of found) this.found(connection, one)
        }
      })(options),
  },
  {
    fault: 'forgets what follows the first request of a piece',
    failsIn: 'takes several requests out of one write',
    make: (options) =>
      new (class extends ReferenceServer {
        protected override read(connection: Connection, piece: Buffer): void {
          for (const found of connection.reader.read(piece).slice(0, 1)) this.found(connection, found)
        }
      })(options),
  },
  {
    fault: 'dies of garbage',
    failsIn: 'accounts for a line that is not a request and serves on',
    make: onGarbage((server) => void server.close()),
  },
  {
    fault: 'dies of bytes that are not text',
    failsIn: 'accounts for bytes that are not text and serves on',
    make: onGarbage((server) => void server.close()),
  },
  {
    fault: 'loses garbage in silence',
    failsIn: 'accounts for bytes that are not text and serves on',
    make: onGarbage(() => undefined),
  },
  {
    fault: 'does not count a request that is cut off',
    failsIn: 'accounts for a line that is not a request and serves on',
    make: (options) =>
      new (class extends ReferenceServer {
        protected override drop(reason: string): void {
          if (reason !== 'unfinished_request') super.drop(reason)
        }
      })(options),
  },
  {
    fault: 'loses requests that are not valid UTF-8 in silence',
    failsIn: 'accounts for a request that is not valid UTF-8',
    make: (options) =>
      new (class extends ReferenceServer {
        protected override take(connection: Connection, key: string, text: string): void {
          if (!text.includes('\ufffd')) super.take(connection, key, text)
        }
      })(options),
  },
  {
    fault: 'has no limit for requests',
    failsIn: 'answers a request over the limit with a text that names the limit',
    make: (options) => new ReferenceServer({ ...options, maxRequestBytes: 1_000_000 }),
  },
  {
    fault: 'does not name the limit',
    failsIn: 'answers a request over the limit with a text that names the limit',
    make: (options) =>
      new (class extends ReferenceServer {
        protected override limitText(): string {
          return '413 too large'
        }
      })(options),
  },
  {
    fault: 'loses requests over the limit in silence',
    failsIn: 'counts a request over the limit as dropped',
    traits: { requestLimit: 'counted' },
    make: (options) =>
      new (class extends ReferenceServer {
        protected override found(connection: Connection, found: Found): void {
          if (found.type !== 'tooLarge') super.found(connection, found)
        }
      })(options),
  },
  {
    fault: 'counts requests over the limit twice',
    failsIn: 'counts a request over the limit as dropped',
    traits: { requestLimit: 'counted' },
    make: (options) =>
      new (class extends ReferenceServer {
        protected override drop(reason: string): void {
          super.drop(reason)
          super.drop(reason)
        }
      })({ ...options, oversize: 'counted' }),
  },
  {
    fault: 'stops for good at a request over the limit',
    failsIn: 'answers a request over the limit with a text that names the limit',
    make: (options) =>
      new (class extends ReferenceServer {
        private stopped = false
        protected override found(connection: Connection, found: Found): void {
          if (!this.stopped) super.found(connection, found)
          if (found.type === 'tooLarge') this.stopped = true
        }
      })(options),
  },
  {
    fault: 'takes half its limit for the limit',
    failsIn: 'answers a request over the limit with a text that names the limit',
    make: (options) =>
      new (class extends ReferenceServer {
        protected override limitText(): string {
          return `413 Request over ${options.maxRequestBytes} bytes`
        }
      })({ ...options, maxRequestBytes: (options.maxRequestBytes ?? 1_048_576) / 4 }),
  },
]

function changingRequests(change: (text: string) => string): (options: ReferenceServerOptions) => ReferenceServer {
  return (options) =>
    new (class extends ReferenceServer {
      protected override take(connection: Connection, key: string, text: string): void {
        super.take(connection, key, change(text))
      }
    })(options)
}

function onGarbage(react: (server: ReferenceServer) => void): (options: ReferenceServerOptions) => ReferenceServer {
  return (options) =>
    new (class extends ReferenceServer {
      protected override read(connection: Connection, piece: Buffer): void {
        if (/^\d+ [{[]/.test(piece.toString()) || piece.length === 1) super.read(connection, piece)
        else react(this)
      }
    })(options)
}
