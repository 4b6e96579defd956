import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import { encodeHep, type HepMessageInput, hep } from '@mi/trace-hep'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startHepWatch } from './hep-watch-process.js'

const ends = { srcIp: '10.0.0.1', srcPort: 5_060, dstIp: '10.0.0.2', dstPort: 5_070, ipProto: 17 }

async function sendUdp(port: string | undefined, message: HepMessageInput): Promise<void> {
  const socket = createSocket('udp4')
  onTestFinished(() => void socket.close())
  await new Promise((resolve) => socket.send(encodeHep({ ...ends, ...message }), Number(port), '127.0.0.1', resolve))
}

describe('hep-watch', () => {
  test.each(['udp', 'tcp'])(
    'shows commands that are traced over %s, their replies and the time between',
    async (transport) => {
      const watch = startHepWatch(`${transport}:127.0.0.1:0`)
      const [, port] = await watch.printed(/listening on \w+:127\.0\.0\.1:(\d+)/)
      const tracer = hep(`[watch]127.0.0.1:${port};transport=${transport}`)
      onTestFinished(() => tracer.close())
      await tracer.listen()
      const peer = { transport: 'fifo' }
      const request = tracer.request({ command: 'core:log_level', backend: 'fifo', params: [4, 'x\u001b[2J'], peer })
      tracer.reply(request, '{"result":"OK"}')
      await watch.printed(
        /^\d\d:\d\d:\d\d\.\d{6} \w+ 127\.0\.0\.2:0 > 127\.0\.0\.2:0 fifo core:log_level 4,x\\u001b\[2J$/m,
      )
      await watch.printed(/reply to core:log_level after \d+\.\d{3} ms: \{"result":"OK"\}$/m)
      watch.child.kill('SIGINT')
      expect(await watch.ended).toBe(0)
      expect(watch.errors()).toContain('2 messages, 0 malformed, 0 requests without a reply')
    },
  )

  test('shows other messages by their type and first line', async () => {
    const watch = startHepWatch('udp:127.0.0.1:0')
    const [, port] = await watch.printed(/listening on udp:127\.0\.0\.1:(\d+)/)
    await sendUdp(port, { protoType: 1, payload: 'INVITE sip:bob SIP/2.0\r\nTo: bob' })
    await watch.printed(/^--:--:--\.------ udp 10\.0\.0\.1:5060 > 10\.0\.0\.2:5070 SIP INVITE sip:bob SIP\/2\.0$/m)
    await sendUdp(port, { version: 1, payload: 'x' })
    await watch.printed(/HEP1 x$/m)
  })

  test('prints an object a line with --json', async () => {
    const watch = startHepWatch('udp:127.0.0.1:0', '--json')
    const [, port] = await watch.printed(/listening on udp:127\.0\.0\.1:(\d+)/)
    await sendUdp(port, {
      protoType: 0x57,
      correlationId: 'a',
      payload: 'ps:fifo:1',
      srcMac: 5n,
      chunks: [{ vendor: 3, type: 1, body: Buffer.from('z') }],
    })
    const [line] = await watch.printed(/^\{.*\}$/m)
    expect(JSON.parse(line)).toMatchObject({
      sender: { transport: 'udp' },
      srcIp: '10.0.0.1',
      srcMac: '5',
      payload: 'ps:fifo:1',
      mi: { kind: 'request', command: 'ps', backend: 'fifo', parameters: '1' },
      chunks: [{ vendor: 3, type: 1 }],
    })
  })

  test('prints no control character with --json either, and the JSON has them all', async () => {
    const watch = startHepWatch('udp:127.0.0.1:0', '--json')
    const [, port] = await watch.printed(/listening on udp:127\.0\.0\.1:(\d+)/)
    const steering = '\u001b[2J \u009b31m \u007f \u202e \u2028 \u{e0001}'
    await sendUdp(port, { protoType: 1, payload: steering, nodeName: steering })
    const [line] = await watch.printed(/^\{.*\}$/m)
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    expect(JSON.parse(line)).toMatchObject({ payload: steering, nodeName: steering })
  })

  test('tells of what is no HEP, without its control characters, and goes on', async () => {
    const watch = startHepWatch('tcp:127.0.0.1:0')
    const [, port] = await watch.printed(/listening on tcp:127\.0\.0\.1:(\d+)/)
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('error', () => {
      // Closed by hep-watch, maybe with a reset.
    })
    socket.resume()
    socket.write('GET / HTTP/1.1\r\n\r\n')
    await once(socket, 'close')
    await watch.printed(/tcp 127\.0\.0\.1:\d+ sent 18 bytes: /)
    watch.child.kill('SIGTERM')
    expect(await watch.ended).toBe(0)
  })

  test('ends when nobody reads its output any more', async () => {
    const watch = startHepWatch('udp:127.0.0.1:0')
    const [, port] = await watch.printed(/listening on udp:127\.0\.0\.1:(\d+)/)
    watch.child.stdout.destroy()
    await sendUdp(port, { protoType: 1, payload: 'INVITE' })
    expect(await watch.ended).toBe(0)
  })

  test.each([
    [['--help'], 0, 'usage: node dist/main.js'],
    [['--what'], 2, "'--what'"],
    [['sctp:127.0.0.1:1'], 2, "'sctp:127.0.0.1:1' is not a place"],
    [['udp:127.0.0.1:1', 'udp:127.0.0.1:2'], 2, 'udp is given twice'],
    [['tls:127.0.0.1:0'], 2, 'tls needs --key FILE and --cert FILE'],
    [['udp:192.0.2.1:0'], 1, 'the collector cannot listen on udp:192.0.2.1:0'],
    [['udp:localhost:0'], 1, 'udp.host must be an IP address'],
  ])('with %j ends with %i and says why', async (args, status, text) => {
    const watch = startHepWatch(...args)
    expect(await watch.ended).toBe(status)
    expect(watch.output() + watch.errors()).toContain(text)
  })
})
