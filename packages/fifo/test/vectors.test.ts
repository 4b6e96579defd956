import { fifoVectors, jsonRpcVectors, vectorModules } from '@mi/fixtures'
import { beforeAll, describe, expect, test } from 'vitest'
import { bothWays, until } from './support.js'

const LONG = 'y'.repeat(60_000)

// The recording servers ran in '/', as pwd answers.
beforeAll(() => process.chdir('/'))

describe.each(bothWays)('$name', ({ serve }) => {
  test('the recorded writes to a FIFO are answered as recorded', async () => {
    const { write, reader, ask } = await serve({}, {}, { modules: vectorModules({ long6: LONG }) })
    const rf = reader('rf')
    for (const { name, writes, replies } of fifoVectors) {
      rf.text = ''
      for (const bytes of writes) {
        write(bytes)
        // Read before the next write, so that it stays a write of its own: the answer to another request tells.
        if (writes.length > 1) await new Promise((resolve) => setTimeout(resolve, 150))
      }
      if (replies === '') await ask('pwd')
      else await until(`the reply to '${name}'`, () => rf.text.length >= replies.length)
      expect([name, rf.text]).toEqual([name, replies])
    }
  })

  describe('the recorded datagrams, written to a FIFO, are answered as recorded', () => {
    test('each of them', async () => {
      const { write, reader, fifoName } = await serve({ partialTimeoutMs: 200 }, {}, { modules: vectorModules() })
      for (const [index, { name, request, reply }] of jsonRpcVectors.entries()) {
        const replyName = `v${index}`
        const rf = reader(replyName)
        const bytes = Buffer.from(`:${replyName}:${request}\n`)
        if (bytes.length < 65_536) write(bytes)
        else throw new Error(`${name} does not fit into the pipe of ${fifoName}`)
        if (reply === null) {
          // The next request's answer comes behind that of this one, if there were any.
          write(`:${replyName}:{"jsonrpc":"2.0","method":"pwd","id":"end"}\n`)
          await until(`the end of '${name}'`, () => rf.text.endsWith('"end"}'))
          expect([name, rf.text]).toEqual([name, '{"jsonrpc":"2.0","result":{"WD":"/"},"id":"end"}'])
        } else {
          await until(`the reply to '${name}'`, () => rf.ends > 0)
          const isJson = /^[[{]/.test(reply)
          expect([name, isJson ? JSON.parse(rf.text) : rf.text]).toEqual([name, isJson ? JSON.parse(reply) : reply])
        }
        rf.close()
      }
    })
  })
})
