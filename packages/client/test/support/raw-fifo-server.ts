import { execFileSync } from 'node:child_process'
import { constants, existsSync, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import type { RawRequest, RawServer } from '@mi/compliance'

/** The server end for the compliance suite: reads requests over several lines too, and answers as it is told. */
export class RawFifoServer implements RawServer {
  private reader: Socket | undefined
  private readonly writers = new Set<Socket>()

  constructor(
    private readonly fifoName: string,
    private readonly replyDir: string,
  ) {}

  async listen(onRequest: (request: RawRequest) => void): Promise<void> {
    if (!existsSync(this.fifoName)) execFileSync('mkfifo', ['-m', '600', this.fifoName])
    const fd = openSync(this.fifoName, constants.O_RDWR | constants.O_NONBLOCK)
    let rest = ''
    this.reader = new Socket({ fd, readable: true, writable: false })
    this.reader.setEncoding('utf8').on('data', (piece: string) => {
      rest += piece
      for (let end = endOfRequest(rest); end !== undefined; end = endOfRequest(rest)) {
        const [, name = '', text = ''] = /^\s*:([^:]*):(.*)$/s.exec(rest.slice(0, end)) ?? []
        rest = rest.slice(end)
        onRequest(this.request(name, text.replace(/\n$/, '')))
      }
    })
  }

  async vanish(): Promise<void> {
    this.reader?.destroy()
    for (const writer of this.writers) writer.destroy()
  }

  private request(name: string, text: string): RawRequest {
    let writer: Socket | undefined
    const write = async (answer: string): Promise<void> => {
      writer ??= this.openWriter(join(this.replyDir, name))
      const open = writer
      await new Promise<void>((resolve, reject) => open.write(answer, (error) => (error ? reject(error) : resolve())))
    }
    return {
      text,
      provisional: write,
      reply: async (answer) => {
        await write(answer)
        writer?.destroy()
      },
    }
  }

  private openWriter(path: string): Socket {
    const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
    const writer = new Socket({ fd, readable: false, writable: true })
    this.writers.add(writer)
    // Told to whoever writes.
    writer.on('error', () => undefined)
    writer.on('close', () => this.writers.delete(writer))
    return writer
  }
}

/** Where the first request ends: behind the first line break at which its JSON is whole. */
function endOfRequest(text: string): number | undefined {
  const head = /^\s*:[^:]*:/.exec(text)?.[0].length
  if (head === undefined) return undefined
  for (let end = text.indexOf('\n', head); end !== -1; end = text.indexOf('\n', end + 1)) {
    try {
      JSON.parse(text.slice(head, end))
      return end + 1
    } catch {
      // Not whole yet: the line break is inside of it.
    }
  }
  return undefined
}
