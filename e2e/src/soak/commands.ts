import { setTimeout as wait } from 'node:timers/promises'
import { defineModule, implement, int, type MiPeer } from '@mi/contract'

// The commands of the server under test. Child processes load this file too.

const ran = { fifo: 0, unix: 0, udp: 0 }

const soak = defineModule('soak', {
  echo: {
    help: 'answers the id, with points behind it up to a length',
    recipes: [{ id: 'string' }, { id: 'string', bytes: int({ minimum: 0, maximum: 1_000_000 }) }],
    result: 'string',
  },
  later: {
    help: 'answers the id after a while',
    async: true,
    recipes: [{ id: 'string', ms: int({ minimum: 0, maximum: 1_000 }) }],
    result: 'string',
  },
})

/** Counts the commands that ran, by transport, apart from what the engine counts. */
export const soakModule = implement(
  soak,
  {
    echo(params, { peer }) {
      countRun(peer)
      return params.id.padEnd(params.bytes ?? 0, '.')
    },
    async later({ id, ms }, { peer }) {
      countRun(peer)
      await wait(ms)
      return id
    },
  },
  { statistics: { ran_fifo: () => ran.fifo, ran_unix: () => ran.unix, ran_udp: () => ran.udp } },
)

function countRun({ transport, address = '' }: MiPeer): void {
  if (transport === 'fifo') ran.fifo++
  else if (address.startsWith('udp:')) ran.udp++
  else ran.unix++
}
