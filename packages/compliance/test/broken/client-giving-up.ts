import { existsSync, rmSync, writeFileSync } from 'node:fs'
import type { ClientMessage, RequestSignal } from '@mi/contract'
import { ReferenceClient } from '../reference/client.js'
import type { Frame } from '../reference/wire.js'
import type { BrokenClient } from './clients.js'

const waiting = 'rejects with the reason of the signal that fires while it waits'
const ofRequest = 'leaves no file, timer or listener of each request'

/** Broken in abort and close. */
export const brokenGivingUp: readonly BrokenClient[] = [
  {
    fault: 'sends although the signal has fired',
    failsIn: 'rejects with the reason of a signal that has fired already',
    make: (path) =>
      new (class extends ReferenceClient {
        protected override checkSignal(signal: RequestSignal): void {
          if (signal.aborted) this.connection().write('99 {}\0')
          super.checkSignal(signal)
        }
      })(path),
  },
  {
    fault: 'does not look whether the signal has fired',
    failsIn: 'rejects with the reason of a signal that has fired already',
    make: (path) =>
      new (class extends ReferenceClient {
        protected override checkSignal(): void {}
      })(path),
  },
  {
    fault: 'ignores abort',
    failsIn: waiting,
    make: (path) =>
      new (class extends ReferenceClient {
        protected override track(key: string, message: ClientMessage): Promise<string | null> {
          return super.track(key, { ...message, signal: new AbortController().signal })
        }
      })(path),
  },
  {
    fault: 'rejects with an error of its own on abort',
    failsIn: waiting,
    make: (path) =>
      new (class extends ReferenceClient {
        protected override abortError(): unknown {
          return new Error('aborted')
        }
      })(path),
  },
  {
    fault: 'gives a late answer to the next request',
    failsIn: 'keeps a late answer to an aborted request',
    make: (path) =>
      new (class extends ReferenceClient {
        protected override arrived(frame: Frame): void {
          const [first = frame.key] = this.waiting.keys()
          super.arrived(this.waiting.has(frame.key) ? frame : { ...frame, key: first })
        }
      })(path),
  },
  {
    fault: 'leaves its abort listener after an answer',
    failsIn: ofRequest,
    make: perRequest((message) => message.signal.addEventListener('abort', () => undefined)),
  },
  {
    fault: 'leaves a timer of each request',
    failsIn: ofRequest,
    make: perRequest(() => setTimeout(() => undefined, 5000).unref()),
  },
  {
    fault: 'leaves a listener on process of each request',
    failsIn: ofRequest,
    make: perRequest(() => process.on('exit', () => undefined)),
  },
  {
    fault: 'leaves the file of a request that was aborted, until it is closed',
    failsIn: ofRequest,
    make: (path) =>
      new (class extends ReferenceClient {
        protected override abortError(signal: RequestSignal): unknown {
          writeFileSync(`${path}.left`, '')
          return super.abortError(signal)
        }
        override async close(): Promise<void> {
          if (existsSync(`${path}.left`)) rmSync(`${path}.left`)
          await super.close()
        }
      })(path),
  },
  {
    fault: 'needs a real AbortSignal',
    failsIn: 'takes a signal that can do no more',
    make: perRequest(({ signal }) => {
      if (!(signal instanceof AbortSignal)) throw new TypeError('the signal must be an AbortSignal')
    }),
  },
  {
    fault: 'rejects the second close',
    failsIn: 'may be closed before its first request, and again',
    make: (path) =>
      new (class extends ReferenceClient {
        override async close(): Promise<void> {
          if (this.isClosed) throw new Error('already closed')
          await super.close()
        }
      })(path),
  },
]

function perRequest(act: (message: ClientMessage) => unknown): (path: string) => ReferenceClient {
  return (path) =>
    new (class extends ReferenceClient {
      override request(message: ClientMessage): Promise<string | null> {
        act(message)
        return super.request(message)
      }
    })(path)
}
