import { rmSync } from 'node:fs'
import { openDatagram } from '../../dist/index.js'

// Sends its process number to the UNIX socket that it is given.
const path = process.argv[2] ?? ''
const own = `${path}-${process.pid}`
const socket = await openDatagram({ bind: { type: 'unix', path: own } })
const failures = socket.send([`from ${process.pid}`], [socket.peer({ type: 'unix', path })])
socket.close()
rmSync(own)
process.exitCode = failures
console.log(process.pid)
