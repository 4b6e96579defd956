/**
 * The same memory as a Buffer.
 * @throws TypeError for anything but a Uint8Array
 */
export function asBuffer(bytes: Uint8Array): Buffer {
  if (bytes instanceof Buffer) return bytes
  if (bytes instanceof Uint8Array) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  throw new TypeError('HEP: bytes must be a Uint8Array')
}
