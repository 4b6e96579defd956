import { createClient } from '@mi/client'
import { core, dialog, statistics } from '@mi/opensips'

await using client = createClient('fifo:/run/opensips/opensips_fifo')
const { 'Up time': upTime } = await client.call(core.uptime) // a text: the result is typed
const numbers = await client.call(statistics.get, { statistics: ['core:', 'tm:'] }) // Record<string, number>
console.log(upTime, numbers['tm:UAS_transactions'])

console.log(await client.call(dialog.list, { callid: 'a84b4c76e66710@pc33.example.com' })) // unknown
const dialogs = client.module(dialog)
await dialogs.profile_end_dlgs({ profile: 'caller', value: 'alice' }) // a wrong parameter does not compile
