import { openSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { ReferenceServer, type ReferenceServerOptions } from '../reference/server.js'
import type { BrokenServer } from './servers.js'

/** Broken in what it leaves behind when it closes. */
export const brokenLeftovers: readonly BrokenServer[] = [
  {
    fault: 'leaves its file',
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
    make: leaving(() => setTimeout(() => undefined, 5000)),
  },
  {
    fault: 'leaves a timer that does not keep the process alive',
    failsIn: 'leaves no timer after close',
    make: leaving(() => {
      const timer = setInterval(() => clearInterval(timer), 5000).unref()
    }),
  },
  {
    fault: 'leaves a listener on process',
    failsIn: 'leaves no listener on process after close',
    make: leaving(() => process.on('exit', () => undefined)),
  },
]

function leaving(leave: (path: string) => void): (options: ReferenceServerOptions) => ReferenceServer {
  return (options) =>
    new (class extends ReferenceServer {
      protected override async release(server: Server): Promise<void> {
        await super.release(server)
        leave(options.path)
      }
    })(options)
}
