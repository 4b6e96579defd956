import { createBlockingScript } from '@mi/script'

const script = createBlockingScript({ engine: new URL('./engine.js', import.meta.url) })
await script.listen()
const ret = script.var('ret')
console.log(script.mi('uptime', ret), ret.get())
await script.close()
