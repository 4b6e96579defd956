import { openDatagram } from '@mi/posix'

const server = await openDatagram({
  bind: { type: 'unix', path: '/tmp/echo.sock' },
  onBatch({ texts, peers }) {
    const answers = texts.map((text) => `you said ${text ?? 'too much'}`)
    if (server.send(answers, peers) > 0) console.log('not sent:', server.results)
  },
})
const client = await openDatagram({
  bind: { type: 'unix', path: '/tmp/client.sock' },
  onBatch: ({ texts }) => console.log(texts),
})
client.send(['hello', 'world'], [client.peer(server.address), client.peer(server.address)])
