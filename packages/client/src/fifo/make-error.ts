import { MiError } from '@mi/contract'

/** `MI_CONNECTION` for a reply FIFO that could not be made: which, why, and how to mend it. */
export function cannotMake(path: string, reason: string, cause: unknown): MiError {
  return new MiError(
    'MI_CONNECTION',
    `cannot make the reply FIFO ${path}: ${reason}; give a replyDir that exists, that this process may write to, ` +
      "and that is the server's reply directory too",
    { cause },
  )
}
