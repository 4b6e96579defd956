import { closeSync, constants, openSync } from 'node:fs'

/**
 * Opens the write end of a reply FIFO that this process reads, to be closed when the first data arrives, on systems
 * where it must be.
 *
 * On Linux a reader that came before any writer sees no end of file until a writer has come and gone (checked on 6.18:
 * poll reports the hang-up only then). Elsewhere, kqueue among them, a FIFO without a writer reads as ended at once;
 * a write end of one's own prevents that. Its price: an end without any data is not seen there, and times out.
 *
 * @returns undefined where nothing needs to be held
 */
export function holdWriteEnd(path: string, platform: NodeJS.Platform): { release(): void } | undefined {
  if (platform === 'linux') return undefined
  let fd: number | undefined = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  return {
    release: () => {
      if (fd !== undefined) closeSync(fd)
      fd = undefined
    },
  }
}
