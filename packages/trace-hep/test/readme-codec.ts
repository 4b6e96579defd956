import { createSocket } from 'node:dgram'
import { decodeHep, encodeHep, HepProtocolType, hepPayloadText, isHepError } from '@mi/trace-hep'

const socket = createSocket('udp4')
socket.on('message', (bytes) => {
  try {
    const message = decodeHep(bytes)
    console.log(message.srcIp, message.correlationId, hepPayloadText(message))
  } catch (error) {
    if (!isHepError(error)) throw error
    console.log(`not a HEP packet: ${error.message}`)
  }
  socket.close()
})
socket.bind(0, '127.0.0.1', () => {
  const time = { timeSec: Math.floor(Date.now() / 1000), timeUsec: 0 }
  const ends = { srcIp: '10.0.0.1', srcPort: 5060, dstIp: '10.0.0.2', dstPort: 5060, ipProto: 17 }
  const packet = encodeHep({
    ...ends,
    ...time,
    protoType: HepProtocolType.SIP,
    correlationId: 'a',
    payload: 'INVITE ...',
  })
  socket.send(packet, socket.address().port, '127.0.0.1')
})
