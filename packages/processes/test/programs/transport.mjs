// The transport of the tests, in a child: a line is a request, behind the address of its peer where it begins with @, over a UNIX socket of each child's own, so that a test can
// choose whom it asks. The inherited descriptor, if there is one, is a file that takes a line for each child that listens.
import { rmSync, writeSync } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'

const settings = {}

/** @param {unknown} options @param {{ descriptors: readonly number[]; index: number }} inherited */
export function createTransport(options, { descriptors, index }) {
  const path = `${options.dir}/${index}.sock`
  const sockets = new Set()
  const owed = new Set()
  /** @type {import('node:net').Server | undefined} */
  let server
  return {
    name: 'lines',
    address: path,
    settings,
    async listen(dispatcher) {
      if (options.tells) throw new Error(`startChildren is ${typeof dispatcher.startChildren}`)
      if (options.failing === index) throw new Error('no such line')
      if (options.hanging === index) return await new Promise(() => setInterval(() => {}, 1_000))
      rmSync(path, { force: true })
      server = createServer((socket) => {
        sockets.add(socket)
        socket.on('error', () => {})
        socket.on('close', () => sockets.delete(socket))
        createInterface({ input: socket }).on('line', (line) => {
          const [, address, request = line] = /^@(\S+) (.*)/.exec(line) ?? []
          const source = address && { address, port: 1 }
          const answer = Promise.resolve(dispatcher.dispatch(request, { transport: 'lines', source })).then((text) => {
            owed.delete(answer)
            if (text !== null) socket.write(`${text}\n`)
          })
          owed.add(answer)
        })
      })
      await new Promise((resolve, reject) => server.once('error', reject).listen(path, resolve))
      for (const descriptor of descriptors) writeSync(descriptor, `${index} ${process.pid}\n`)
    },
    async close() {
      const closed = new Promise((resolve) => (server ? server.close(resolve) : resolve()))
      while (owed.size > 0) await Promise.all(owed)
      for (const socket of sockets) socket.end()
      await closed
    },
  }
}
