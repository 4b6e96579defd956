import { defineModule, implement } from '@mi/contract'
import { createMi } from '@mi/core'

const greeter = defineModule('greeter', { hello: { recipes: [{}, { name: 'string' }], result: 'string' } })
const greeterModule = implement(greeter, { hello: ({ name = 'world' }) => `Hello, ${name}!` })

const mi = createMi({ modules: [greeterModule] }) // transports: [fifo({ fifoName: '/run/app/mi_fifo' })]
await mi.listen()
console.log(await mi.execute('greeter:hello', { name: 'MI' }))
console.log(await mi.dispatch('{"jsonrpc":"2.0","method":"which","params":["greeter:"],"id":2}'))
await mi.close()
