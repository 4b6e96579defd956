// UNIX clients that send as fast as the kernel takes it, and read slowly. Prints, for each, what it got.
import { constants } from 'node:os'
import { openDatagram } from '@mi/posix'

const [path, clients, requests, pauseEvery, pauseMs, connected] = process.argv
  .slice(2)
  .map((text, index) => (index === 0 ? text : Number(text)))

async function run(number) {
  const server = { type: 'unix', path }
  let received = 0
  let outOfOrder = 0
  let sincePause = 0
  let done
  const finished = new Promise((resolve) => {
    done = resolve
  })
  const socket = await openDatagram({
    bind: { type: 'unix', path: `\0mi-slow-${process.pid}-${number}` },
    connect: connected ? server : undefined,
    // Few at a time, so that a pause comes soon after it is due.
    maxBatch: 10,
    onBatch: ({ texts }) => {
      for (const text of texts) {
        received++
        if (text !== `{"jsonrpc":"2.0","result":"OK","id":${received}}`) outOfOrder++
      }
      sincePause += texts.length
      if (received >= requests) done()
      if (sincePause < pauseEvery) return
      sincePause = 0
      socket.pause()
      setTimeout(() => socket.resume(), pauseMs)
    },
    onWritable: () => send(),
  })
  const to = socket.remote ?? socket.peer(server)
  let sent = 0
  const send = () => {
    while (sent < requests) {
      if (socket.send([`{"jsonrpc":"2.0","method":"t:ok","id":${sent + 1}}`], [to]) > 0) {
        if (socket.results[0] !== -constants.errno.EAGAIN) throw new Error(`send failed: ${socket.results[0]}`)
        // Another UNIX socket tells nothing of its room unless one is connected to it.
        if (connected) socket.awaitWritable()
        else setImmediate(send)
        return
      }
      sent++
    }
  }
  send()
  const late = setTimeout(done, 100_000)
  await finished
  clearTimeout(late)
  // Whatever came twice would come now.
  await new Promise((resolve) => setTimeout(resolve, 100))
  socket.close()
  return { sent, received, outOfOrder }
}

console.log(JSON.stringify(await Promise.all(Array.from({ length: clients }, (_, number) => run(number)))))
