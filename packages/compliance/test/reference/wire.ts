/**
 * The wire format of the reference transport, over a UNIX stream socket: `KEY SP TEXT NUL` both ways, where the client
 * chooses the key (digits) and the server repeats it; `KEY + TEXT NUL` is a provisional answer. NUL, since JSON holds line
 * breaks and never a NUL.
 */
export interface Frame {
  readonly key: string
  readonly provisional: boolean
  readonly text: string
}

/** What the reader found: a frame, the key of one over the limit, or something else. */
export type Found =
  | ({ readonly type: 'frame' } & Frame)
  | { readonly type: 'tooLarge'; readonly key: string }
  | { readonly type: 'garbage' }

export function encodeFrame({ key, provisional, text }: Frame): Buffer {
  return Buffer.from(`${key}${provisional ? '+' : ' '}${text}\0`)
}

/** Puts frames together from pieces of a stream, and holds at most `maxBytes` of an unfinished one. */
export class FrameReader {
  private held: Buffer = Buffer.alloc(0)
  private skipping = false

  constructor(private readonly maxBytes: number) {}

  /** True in the middle of a frame. */
  get unfinished(): boolean {
    return this.held.length > 0
  }

  read(piece: Buffer): Found[] {
    const found: Found[] = []
    let rest: Buffer = Buffer.concat([this.held, piece])
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      const frame = rest.subarray(0, end)
      rest = rest.subarray(end + 1)
      if (this.skipping) this.skipping = false
      else if (frame.length > this.maxBytes) found.push(tooLarge(frame))
      else found.push(parse(frame))
    }
    if (rest.length > this.maxBytes) {
      if (!this.skipping) found.push(tooLarge(rest))
      this.skipping = true
    }
    this.held = this.skipping ? Buffer.alloc(0) : rest
    return found
  }
}

function parse(frame: Buffer): Found {
  const text = frame.toString()
  const header = /^(\d{1,15})([ +])/.exec(text)
  const key = header?.[1]
  if (header === null || key === undefined) return { type: 'garbage' }
  return { type: 'frame', key, provisional: header[2] === '+', text: text.slice(header[0].length) }
}

function tooLarge(start: Buffer): Found {
  const key = /^\d{1,15}/.exec(start.toString('latin1', 0, 16))?.[0]
  return key === undefined ? { type: 'garbage' } : { type: 'tooLarge', key }
}
