import { rmSync } from 'node:fs'
import { constants } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { getSystemErrorName } from 'node:util'
import { type DatagramPeer, type DatagramSocket, openDatagram } from '@mi/posix'

const deadlineMs = 10_000

/**
 * A server's UNIX datagram socket as OpenSIPS has it: it answers from another socket than it listens on. The system
 * keeps such answers from a client that is connected to the server.
 */
export interface ServerSocket {
  /** Sends to a peer; waits while its queue is full. Rejects when the peer is gone. */
  send(text: string, peer: DatagramPeer): Promise<void>
  /** Stops reading, and goes on. */
  pause(): void
  resume(): void
  /** The file stays, as that of a process that was killed. */
  close(): void
}

/** Listens on a path, in the place of a socket file that a killed process has left. */
export async function listenOnUnix(
  path: string,
  onText: (text: string, peer: DatagramPeer) => void,
): Promise<ServerSocket> {
  rmSync(path, { force: true })
  const listening = await openDatagram({
    bind: { type: 'unix', path },
    mode: 0o666,
    onBatch: ({ texts, peers }) => {
      for (const [index, text] of texts.entries()) {
        const peer = peers[index]
        if (text !== null && peer !== undefined) onText(text, peer)
      }
    },
  })
  const answering = await openDatagram({ bind: { type: 'unix', path: '' } })
  return {
    send: (text, peer) => sendWhenThereIsRoom(answering, text, answering.peer(peer.address)),
    pause: () => listening.pause(),
    resume: () => listening.resume(),
    close: () => {
      listening.close()
      answering.close()
    },
  }
}

async function sendWhenThereIsRoom(socket: DatagramSocket, text: string, peer: DatagramPeer): Promise<void> {
  const deadline = performance.now() + deadlineMs
  while (socket.send([text], [peer]) > 0) {
    const result = socket.results[0] ?? 0
    if (result !== -constants.errno.EAGAIN || performance.now() > deadline) throw new Error(getSystemErrorName(result))
    await wait(1)
  }
}
