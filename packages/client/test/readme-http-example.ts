import { createClient, retry } from '@mi/client'

await using client = createClient('http://127.0.0.1:8888/mi', { timeoutMs: 2000, middleware: [retry()] })
console.log(await client.commands()) // ['core:uptime', ...], asked for once
console.log(await client.recipes('log_level')) // [[], ['level'], ['level', 'pid']]
console.log(await client.statistics(['core:', 'tm:'])) // { 'core:rcv_requests': 4711, ... }
