import { type Addon, systemError } from './addon.js'
import { needAddon } from './load-addon.js'

/** Kept here, since every reply of a server takes this way. */
let addon: Addon | undefined

/**
 * Writes to a FIFO in one call: opens it without waiting and without following links (O_WRONLY, O_NONBLOCK, O_NOFOLLOW),
 * makes sure that it is a FIFO with one link, writes, closes.
 * @param data no more than PIPE_BUF bytes (4096 on Linux) go in whole or not at all; of more, a part may
 * @returns the bytes written; or below zero the error number (`-os.constants.errno.ENXIO`): ENXIO nobody reads it, ENOENT it does
 * not exist, EINVAL it is not a FIFO or has a second name, EISDIR it is a directory, ELOOP it is a link, ENOTDIR a part of the path
 * is not a directory, EACCES it may not be written to, EAGAIN it is full, EPIPE the reader is gone
 * @throws TypeError for anything but a string or a Uint8Array
 * @throws Error `ERR_POSIX_UNAVAILABLE` when the addon cannot be loaded
 */
export function writeFifo(path: string, data: string | Uint8Array): number {
  addon ??= needAddon('writeFifo()')
  return addon.writeFifo(path, data)
}

/**
 * Makes a FIFO.
 * @param mode permission bits, exact whatever the umask
 * @throws Error of the system, with `code` (`EEXIST`), `errno`, `syscall` and `path`
 * @throws Error `ERR_POSIX_UNAVAILABLE` when the addon cannot be loaded
 */
export function mkfifo(path: string, mode: number): void {
  const failure = needAddon('mkfifo()').mkfifo(path, mode)
  if (failure < 0) throw systemError(failure, 'mkfifo', path)
}
