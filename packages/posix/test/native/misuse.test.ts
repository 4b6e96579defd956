import { expect, test } from 'vitest'
import { run } from '../support/child.js'

test('memory that JavaScript takes away and bytes of a wrong type harm nobody', async () => {
  const { code, signal, stdout, stderr } = await run('misuse.mjs', [], { execArgv: ['--expose-gc'] })
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' })
  const [kind, received, ...attempts] = stdout.trim().split('\n')
  expect([kind, received]).toEqual(['native', 'received: true'])
  expect(attempts).toHaveLength(49)
  expect(attempts.filter((line) => !line.endsWith(': TypeError'))).toEqual([])
})
