import { openSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { MiError } from '@mi/contract'
import { ReferenceClient } from '../reference/client.js'
import type { BrokenClient } from './clients.js'

const absent = 'rejects with MI_CONNECTION, naming the address, when there is no server'
const vanished = 'rejects requests under way with MI_CONNECTION when the server goes away'

/** Broken in how they bear servers that are not there, and in what they leave. */
export const brokenConnections: readonly BrokenClient[] = [
  { fault: 'rejects with the error of the system', failsIn: absent, make: failing((cause) => cause ?? new Error('?')) },
  {
    fault: 'does not name the address',
    failsIn: absent,
    make: failing((cause) => new MiError('MI_CONNECTION', 'no server', { cause })),
  },
  { fault: 'waits for ever for a server that is not there', failsIn: absent, make: deaf() },
  {
    fault: 'gives up by itself although it says that it notices nothing',
    failsIn: 'waits until its signal fires when there is no server',
    traits: { absentServer: 'unnoticed' },
    make: (path) => new ReferenceClient(path),
  },
  { fault: 'waits for ever for a server that went away', failsIn: vanished, make: deaf() },
  {
    fault: 'says that it is closed when the server went away',
    failsIn: vanished,
    make: failing(() => new MiError('MI_CLOSED', 'closed')),
  },
  {
    fault: 'gives up by itself although it says that it does not notice',
    failsIn: 'waits until its signal fires when the server goes away',
    traits: { vanishedServer: 'unnoticed' },
    make: (path) => new ReferenceClient(path),
  },
  {
    fault: 'connects only once',
    failsIn: 'reaches a server that was away and came back',
    make: (path) =>
      new (class extends ReferenceClient {
        protected override connection(): Socket {
          if (this.socket?.destroyed) throw this.connectionError(undefined)
          return super.connection()
        }
      })(path),
  },
  {
    fault: 'leaves a file',
    failsIn: 'leaves no file after close',
    make: leaving((path) => writeFileSync(`${path}.left`, '')),
  },
  {
    fault: 'leaves a descriptor',
    failsIn: 'leaves no descriptor after close',
    make: leaving(() => openSync('/dev/null', 'r')),
  },
  {
    fault: 'leaves a server of its own',
    failsIn: 'leaves no handle that keeps the process alive after close',
    make: leaving(() => {
      const server = createServer().listen(0, '127.0.0.1')
      setTimeout(() => server.close(), 5000).unref()
    }),
  },
  {
    fault: 'leaves a timer',
    failsIn: 'leaves no timer after close',
    make: leaving(() => setTimeout(() => undefined, 5000).unref()),
  },
  {
    fault: 'leaves a listener on process',
    failsIn: 'leaves no listener on process after close',
    make: leaving(() => process.on('exit', () => undefined)),
  },
  {
    fault: 'leaves a timer of a request that found no server',
    failsIn: 'leaves nothing of requests that found no server',
    make: (path) =>
      new (class extends ReferenceClient {
        protected override lost(socket: Socket, cause: Error | undefined): void {
          setTimeout(() => undefined, 5000).unref()
          super.lost(socket, cause)
        }
      })(path),
  },
]

function failing(error: (cause: Error | undefined) => Error): (path: string) => ReferenceClient {
  return (path) =>
    new (class extends ReferenceClient {
      protected override connectionError(cause: Error | undefined): Error {
        return error(cause)
      }
    })(path)
}

function deaf(): (path: string) => ReferenceClient {
  return (path) =>
    new (class extends ReferenceClient {
      protected override lost(): void {}
    })(path)
}

function leaving(leave: (path: string) => void): (path: string) => ReferenceClient {
  return (path) =>
    new (class extends ReferenceClient {
      protected override async disconnect(): Promise<void> {
        await super.disconnect()
        leave(path)
      }
    })(path)
}
