import { createClient, exactJson } from '@mi/client'

await using client = createClient('udp:127.0.0.1:8080', { numbers: 'exact' })
console.log(exactJson(await client.call('get_statistics', { statistics: ['all'] })))
