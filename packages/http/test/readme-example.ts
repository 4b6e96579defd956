import { createMi } from '@mi/core'
import { http } from '@mi/http'

const mi = createMi({ transports: [http({ port: 8888 })] })
await mi.listen()
console.log('listening')
process.once('SIGINT', () => mi.close())
