import { fork } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCoverage } from './coverage.mjs'
import { paths, sides } from './sides.mjs'

// node path.mjs PATH: prints the source files that one warm request enters on the measured side, as JSON.
// node path.mjs --other SIDE DIRECTORY PORT: the other side, which sends a request for each message from its parent.
const [first = '', name = '', ofParent = '', portOfParent = ''] = process.argv.slice(2)

if (first === '--other') {
  const side = await sides[name]?.({ directory: ofParent, port: portOfParent })
  process.on('message', async () => {
    await side?.request?.()
    process.send?.('done')
  })
  process.send?.('ready')
} else {
  const path = paths[first]
  if (path === undefined) throw new Error(`walk: unknown path ${first}`)
  const place = { directory: await mkdtemp(join(tmpdir(), 'mi-walk-')), port: await freeUdpPort() }
  const measure = await startCoverage()
  /** @param {string} side */
  const startOther = async (side) => {
    const child = fork(new URL(import.meta.url), ['--other', side, place.directory, place.port])
    // Without the other side this one would wait without end.
    child.once('exit', (status) => status && process.exit(status))
    await once(child, 'message')
    return child
  }
  // The server first: a client looks for its files.
  const server = path.other?.endsWith('Server') ? await startOther(path.other) : undefined
  const side = await sides[path.measured]?.(place)
  const other = server ?? (path.other === undefined ? undefined : await startOther(path.other))
  const requestOfOther = async () => {
    other?.send('request')
    if (other !== undefined) await once(other, 'message')
  }
  const files = await measure(side?.request ?? requestOfOther)
  await side?.close()
  other?.kill()
  await rm(place.directory, { recursive: true, force: true })
  console.log(JSON.stringify(files))
}

async function freeUdpPort() {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  return String(port)
}
