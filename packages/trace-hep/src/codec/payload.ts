/** @throws TypeError for what is neither text nor octets */
export function assertPayload(payload: unknown): void {
  if (typeof payload === 'string' || payload instanceof Uint8Array) return
  throw new TypeError('encodeHep(): payload must be a string or a Uint8Array')
}
