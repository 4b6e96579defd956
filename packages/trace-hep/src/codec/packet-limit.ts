/** The most octets of a packet: version 3 counts them in 16 bits, and no datagram is larger. */
export const MAX_PACKET_BYTES = 65_535
