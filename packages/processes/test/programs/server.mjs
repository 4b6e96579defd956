// A program with children, for what ends or signals the main process. Arguments: the folder of the sockets, what the program
// does in the end (`stay`, `exit` or `close`), how many children.
import { createMi } from '@mi/core'
import { cluster } from '@mi/processes'

const [, , dir, onEnd, count] = process.argv
let children
const transport = {
  name: 'lines',
  address: dir,
  settings: {},
  async listen(dispatcher) {
    children = await dispatcher.startChildren({
      count: Number(count),
      modules: new URL('./work.mjs', import.meta.url),
      transport: new URL('./transport.mjs', import.meta.url),
      options: { dir },
      descriptors: [],
      processType: 'MI Lines',
    })
  },
  close: () => children.close(),
}
const line = (_fields, message) => console.error(message)
const mi = createMi({
  processes: cluster(),
  transports: [transport],
  log: { level: 'info', debug: line, info: line, warn: line, error: line },
})
await mi.listen()
console.log(JSON.stringify(JSON.parse(await mi.dispatch('{"jsonrpc":"2.0","method":"ps","id":1}')).result.Processes))
if (onEnd === 'exit') process.exit(0)
if (onEnd === 'close') await mi.close()
