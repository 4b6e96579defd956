import { posixSupport } from '../../dist/index.js'

// A UDP socket and one that talks to it.
export const anyPort = { type: 'udp4', address: '127.0.0.1', port: 0 }

console.log(posixSupport().native ? 'native' : 'fallback')
