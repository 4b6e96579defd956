import { expect, test } from 'vitest'
import { run } from '../support/child.js'

const clean = { code: 0, signal: null, stderr: '' }

test('sockets may be closed at any moment, and leave no descriptor', async () => {
  const ended = await run('closings.mjs', ['50'], { execArgv: ['--expose-gc'] })
  expect(ended).toEqual({ ...clean, stdout: 'done\n' })
})

test('threads may end in the middle of their traffic, with sockets open, and leave none behind', async () => {
  expect(await run('workers.mjs')).toEqual({ ...clean, stdout: 'sockets: 0\n' })
})
