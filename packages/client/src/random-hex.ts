/** So many random bytes as hexadecimal digits. By the global `crypto`, which is loaded when it is first used. */
export function randomHex(bytes: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex')
}
