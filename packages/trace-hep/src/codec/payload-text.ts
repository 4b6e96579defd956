import type { HepMessage } from '../message.js'

/**
 * The payload as text. Octets that are not UTF-8 become U+FFFD: OpenSIPS cuts texts by octets. '' when there is no payload,
 * and when it is nothing but NULs, which OpenSIPS adds to versions 1 and 2.
 */
export function hepPayloadText({ payload }: Pick<HepMessage, 'payload'>): string {
  if (payload === undefined || payload.every((octet) => octet === 0)) return ''
  return payload.toString('utf8')
}
