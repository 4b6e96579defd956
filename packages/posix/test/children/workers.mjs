import { readdirSync, readlinkSync } from 'node:fs'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { openDatagram } from '../../dist/index.js'

// Threads with open sockets that are ended from outside in the middle of their traffic, or end by themselves.
const rounds = 12
const anyPort = { type: 'udp4', address: '127.0.0.1', port: 0 }

/** How many sockets this process has; the threads' own machinery has descriptors of other kinds. */
function sockets() {
  const targets = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      // That of the directory that was read.
      return ''
    }
  })
  return targets.filter((target) => target.startsWith('socket:')).length
}

/** Two sockets that keep each other busy. */
async function chatter(path, onMessage) {
  const echo = (socket) => (batch) => {
    onMessage()
    socket().send(batch.texts, batch.peers)
  }
  const one = await openDatagram({ bind: anyPort, onBatch: echo(() => one) })
  const other = await openDatagram({ bind: anyPort, onBatch: echo(() => other) })
  const local = await openDatagram({ bind: { type: 'unix', path }, onBatch: echo(() => local) })
  for (const [from, to] of [
    [one, other],
    [local, local],
  ]) {
    from.send(['ball', 'ball', 'ball'], Array(3).fill(from.peer(to.address)))
  }
  local.awaitWritable()
}

if (isMainThread) {
  const before = sockets()
  for (let round = 0; round < rounds; round++) {
    const how = ['terminated', 'exits', 'throws'][round % 3]
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { how, path: `\0mi-posix-${process.pid}-${round}` },
    })
    worker.on('error', (error) => {
      if (error.message !== 'thrown on purpose') throw error
    })
    // Not by `once`, which an error rejects: that comes before the end, and may overtake the message.
    const exited = new Promise((resolve) => worker.once('exit', resolve))
    await new Promise((resolve) => worker.once('message', resolve))
    if (how === 'terminated') await worker.terminate()
    await exited
  }
  console.log(`sockets: ${sockets() - before}`)
} else {
  let messages = 0
  await chatter(workerData.path, () => {
    if (++messages !== 50) return
    parentPort.postMessage('busy')
    if (workerData.how === 'exits') process.exit()
    if (workerData.how === 'throws') throw new Error('thrown on purpose')
  })
}
