import { readFileSync } from 'node:fs'
import { createClient } from '@mi/client'
import { http } from '@mi/client/http'

const read = (name: string): string => readFileSync(`/etc/mi/${name}`, 'utf8').trim()
await using client = createClient(
  http({
    url: 'https://mi.example.org:8888/mi',
    token: () => read('token'), // a new one is used from the next request on
    tls: { ca: read('ca.crt'), cert: read('client.crt'), key: read('client.key') },
  }),
)
console.log(await client.call('uptime'))
