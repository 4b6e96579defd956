// A server on a machine where the native addon of @mi/posix does not load. Prints what it got.
process.dlopen = () => {
  throw new Error('cannot open shared object file')
}
const { createSocket } = await import('node:dgram')
const { createMi } = await import('@mi/core')
const { datagram } = await import('@mi/datagram')

const [port, path] = process.argv.slice(2)
const failureOf = (options) =>
  createMi({ transports: [datagram(options)] })
    .listen()
    .then(
      () => ({}),
      ({ message, cause }) => ({ code: cause.code, message }),
    )
const socketName = `udp:127.0.0.1:${port}`
const mi = createMi({ transports: [datagram({ socketName, socketBufSize: 1_000 })] })
await mi.listen()
const answers = []
const socket = createSocket('udp4')
const all = new Promise((resolve) => {
  socket.on('message', (text) => {
    if (answers.push(String(text)) === 102) resolve()
  })
})
for (let id = 1; id <= 100; id++) socket.send(`{"jsonrpc":"2.0","method":"pwd","id":${id}}`, port, '127.0.0.1')
socket.send('x'.repeat(1_001), port, '127.0.0.1')
socket.send('{', port, '127.0.0.1')
await all
socket.close()
await mi.close()
const childModule = new URL('commands.mjs', import.meta.url)
console.log(
  JSON.stringify({
    answers,
    unix: await failureOf({ socketName: path }),
    children: await failureOf({ socketName, childrenCount: 2, childModule }),
  }),
)
