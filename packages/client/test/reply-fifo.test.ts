import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ReplyReader } from '../src/fifo/reply-fifo.js'
import { failureOf } from './support/failure.js'
import { watchLeftovers } from './support/leftovers.js'

let dir = ''
let path = ''
let nothingLeft = watchLeftovers()

beforeEach(() => {
  nothingLeft = watchLeftovers()
  dir = mkdtempSync(join(tmpdir(), 'mi-reply-'))
  path = join(dir, 'reply')
  execFileSync('mkfifo', [path])
})

afterEach(async () => {
  rmSync(dir, { recursive: true })
  await nothingLeft()
})

const settings = { maxReplyBytes: 1000, onProvisional: () => undefined }
const openWriter = (): number => openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
const someTurns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

// Other platforms hold a write end; that way works on Linux too, which is how it is tested here.
describe.each(['linux', 'darwin'] as const)('a reply FIFO, read as on %s', (platform) => {
  test('is not over before a writer came, and is over when it has gone', async () => {
    const reply = new ReplyReader(path, { ...settings, platform })
    let over = false
    void reply.reply.then(() => {
      over = true
    })
    await someTurns()
    const writer = openWriter()
    await someTurns()
    expect(over).toBe(false)
    writeSync(writer, '{"a":')
    await someTurns()
    expect(over).toBe(false)
    writeSync(writer, '1}')
    closeSync(writer)
    expect(await reply.reply).toBe('{"a":1}')
  })

  test('that is closed early rejects with the reason', async () => {
    const reply = new ReplyReader(path, { ...settings, platform })
    reply.close('enough')
    reply.close('again')
    expect(await failureOf(reply.reply)).toBe('enough')
  })
})

describe.runIf(process.platform === 'linux')('on Linux', () => {
  test('a writer that comes and goes without a word ends it', async () => {
    const reply = new ReplyReader(path, settings)
    await someTurns()
    closeSync(openWriter())
    expect(await reply.reply).toBe('')
  })
})

test('a FIFO that was read to its end is read again by a new reader, which does not see that end', async () => {
  for (const text of ['{"id":1}', '{"id":2}', '{"id":3}']) {
    const reader = new ReplyReader(path, settings)
    await someTurns()
    const writer = openWriter()
    writeSync(writer, text)
    closeSync(writer)
    expect(await reader.reply).toBe(text)
  }
})

test('elsewhere a writer that comes and goes without a word does not end it, since the write end is held', async () => {
  const reply = new ReplyReader(path, { ...settings, platform: 'darwin' })
  let over = false
  void reply.reply.then(() => {
    over = true
  })
  await someTurns()
  closeSync(openWriter())
  await someTurns()
  expect(over).toBe(false)
  const writer = openWriter()
  writeSync(writer, '{}')
  closeSync(writer)
  expect(await reply.reply).toBe('{}')
})

test('a file that is no FIFO is not read', () => {
  expect(() => new ReplyReader(dir, settings)).toThrow(/it is not a FIFO/)
})
