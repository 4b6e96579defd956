import { createHepCollector } from '@mi/trace-hep'

await using collector = createHepCollector({ udp: { port: 9060 }, tcp: { port: 9060 } })
await collector.listen()
for await (const { mi } of collector) {
  if (mi?.kind !== 'reply') continue
  console.log(`${mi.request?.command} took ${mi.elapsedMs} ms: ${mi.reply}`)
  break
}
