/** Octets before the addresses: version, header length, family, protocol, two ports. */
export const FIXED_BYTES = 8
export const IPV4_BYTES = 4
export const IPV6_BYTES = 16
/** Octets of version 2's time and capture id; the two at the end of the longer form are padding. */
export const timeBytes = Object.freeze({ le12: 12, be10: 10 })
