import { randomHex } from '../random-hex.js'

const prefix = 'mi_reply_'
const randomLength = 12

/** How long each name is, in bytes. */
export const replyNameLength: number = prefix.length + 2 * randomLength

/** A name for a reply FIFO that nobody can guess and MI can carry: it holds no `.`, `/` or `\`. */
export function newReplyName(): string {
  return prefix + randomHex(randomLength)
}
