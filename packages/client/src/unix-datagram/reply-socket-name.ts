import { randomHex } from '../random-hex.js'

const randomLength = 8

/** A name for a reply socket that nobody can guess; it tells whose it is, should one ever be left behind. */
export function newReplySocketName(): string {
  return `mi_reply_${process.pid}_${randomHex(randomLength)}`
}
