import { expect, test } from 'vitest'
import * as fifo from '../src/fifo/fifo.js'
import * as http from '../src/http/http.js'
import * as client from '../src/index.js'
import * as udp from '../src/udp/udp.js'
import * as unix from '../src/unix/unix.js'

test('the package exports these names and no others', () => {
  expect(Object.keys(client).sort()).toEqual([
    'createClient',
    'exactJson',
    'isExactNumber',
    'logRequests',
    'measureRequests',
    'retry',
  ])
})

test('each transport is the only name of its subpath', () => {
  const names = [fifo, http, udp, unix].map((subpath) => Object.keys(subpath))
  expect(names).toEqual([['fifo'], ['http'], ['udp'], ['unix']])
})
