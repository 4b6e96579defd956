import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { type FileHandle, open, unlink, writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

const limitMs = 10_000

/** Sends one request over a FIFO and returns the whole answer. */
export async function askFifo(fifoName: string, replyDir: string, request: string): Promise<string> {
  const name = `ask_${process.pid}`
  const path = `${replyDir}/${name}`
  await run('mkfifo', ['-m', '600', path])
  try {
    // Open before the request is sent: the floor does not wait for a reader.
    const reply = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      await writeFile(fifoName, `:${name}:${request}\n`, { flag: 'r+' })
      return await readToEnd(reply)
    } finally {
      await reply.close()
    }
  } finally {
    await unlink(path)
  }
}

/** A FIFO gives "end of file" also before its writer comes; the end is the first one after something was read. */
async function readToEnd(reply: FileHandle): Promise<string> {
  const deadline = performance.now() + limitMs
  const buffer = Buffer.alloc(65_536)
  let text = ''
  while (performance.now() < deadline) {
    const bytesRead = await readNow(reply, buffer)
    if (bytesRead === 0 && text !== '') return text
    if (bytesRead === 0 || bytesRead === undefined) await wait(1)
    else text += buffer.toString('utf8', 0, bytesRead)
  }
  throw new Error(`no whole answer within ${limitMs} ms; so far: '${text}'`)
}

/** Undefined when the writer is there but has written nothing more yet. */
async function readNow(reply: FileHandle, buffer: Buffer): Promise<number | undefined> {
  try {
    return (await reply.read(buffer)).bytesRead
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return undefined
    throw error
  }
}
