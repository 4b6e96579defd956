import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInbox, type RawPeer, type ServerSettings, serverTransportSuite } from '@mi/compliance'
import { describe, test } from 'vitest'
import { lineServer } from './line-server.js' // your transport: JSON texts over a UNIX socket, one per line

async function underTest(file: string, settings: ServerSettings) {
  const directory = await mkdtemp(join(tmpdir(), 'lines-'))
  const path = join(directory, file)
  return {
    transport: lineServer({ path, ...settings }),
    peer: () => linePeer(path),
    leftovers: () => readdir(directory),
    cleanup: () => rm(directory, { recursive: true }),
  }
}

async function linePeer(path: string): Promise<RawPeer> {
  const socket = connect(path)
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const inbox = createInbox()
  let rest = ''
  socket.setEncoding('utf8').on('data', (piece: string) => {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) inbox.push(line)
  })
  socket.on('error', () => undefined) // a server that has gone shows as a failed write, or as a missing reply
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const leave = async () => {
    socket.destroy()
    await gone
  }
  return {
    frame: (request) => Buffer.concat([request, Buffer.from('\n')]),
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : resolve()))
      }),
    receive: inbox.receive,
    stall: async () => void socket.pause(),
    vanish: leave,
    close: leave,
  }
}

const create = (settings: ServerSettings) => underTest('socket', settings)
const createImpossible = () => underTest('missing/socket', {})
serverTransportSuite({ create, createImpossible, test, describe }, { newlines: false })
