/** 1 and 2 are sent over UDP only; 3 over UDP, TCP and TLS. */
export type HepVersion = 1 | 2 | 3

/** A chunk of version 3 that has no field in a message: a vendor's, or a generic one that is not assigned. */
export interface HepChunk {
  /**
   * 0 generic, 1 FreeSWITCH, 2 Kamailio/SER, 3 OpenSIPS, 4 Asterisk, 5 Homer, 6 sipXecs, 7 Yeti Switch, 8 Genesys. Many
   * receivers ignore it: a type of your own is safe from 0x2a up only, whatever the vendor.
   */
  readonly vendor: number
  /** From 0 to 65535. */
  readonly type: number
  readonly body: Uint8Array
}

/**
 * The fields of a message besides its payload; the number after each is its chunk in version 3. A field is undefined
 * when the packet does not have it. Versions 1 and 2 carry the two ends and `ipProto` only, version 2 also the time and 16
 * bits of `captureId`.
 * Source: HEP3 specification rev. 37.
 */
export interface HepFields {
  /** Address family as Linux numbers it: 2 for IPv4, 10 for IPv6. Other numbers are read only with `lenient`. (0x01) */
  readonly family?: number | undefined
  /** IP protocol: 6 TCP, 17 UDP, 132 SCTP; of OpenSIPS also 22 TLS and 50 WS. (0x02) */
  readonly ipProto?: number | undefined
  /** `10.0.0.1`, `2001:db8::1`: of the shortest form, as Node.js writes addresses. (0x03, 0x05) */
  readonly srcIp?: string | undefined
  /** Of the same family as `srcIp`. (0x04, 0x06) */
  readonly dstIp?: string | undefined
  /** 16 bits. (0x07) */
  readonly srcPort?: number | undefined
  /** 16 bits. (0x08) */
  readonly dstPort?: number | undefined
  /** Whole seconds since 1970, 32 bits. (0x09) */
  readonly timeSec?: number | undefined
  /** Microseconds after `timeSec`, 32 bits. (0x0a) */
  readonly timeUsec?: number | undefined
  /** What the payload is: `HepProtocolType`; 8 bits. (0x0b) */
  readonly protoType?: number | undefined
  /** Number of the capturing node, 32 bits; 16 bits in version 2. (0x0c) */
  readonly captureId?: number | undefined
  /** Keep-alive timer in seconds, 16 bits. (0x0d) */
  readonly keepAliveSec?: number | undefined
  /** Authentication key: plain text on the wire, to be protected by TLS. (0x0e) */
  readonly authKey?: string | undefined
  /** The same text in all messages that belong together. (0x11) */
  readonly correlationId?: string | undefined
  /** 16 bits. (0x12) */
  readonly vlanId?: number | undefined
  /** Name of the capturing node. (0x13) */
  readonly nodeName?: string | undefined
  /** 64 bits. (0x14) */
  readonly srcMac?: bigint | undefined
  /** 64 bits. (0x15) */
  readonly dstMac?: bigint | undefined
  /** 16 bits. (0x16) */
  readonly ethernetType?: number | undefined
  /** 8 bits. (0x17) */
  readonly tcpFlags?: number | undefined
  /** 8 bits. (0x18) */
  readonly ipTos?: number | undefined
  /** Mean opinion score, 16 bits. (0x20) */
  readonly mos?: number | undefined
  /** R-factor, 16 bits. (0x21) */
  readonly rFactor?: number | undefined
  /** (0x22) */
  readonly geoLocation?: string | undefined
  /** 32 bits. (0x23) */
  readonly jitter?: number | undefined
  /** `call`, `registration`. (0x24) */
  readonly transactionType?: string | undefined
  /** Keys of the payload, which is JSON. (0x25) */
  readonly jsonKeys?: string | undefined
  /** (0x26) */
  readonly tagValues?: string | undefined
  /** 16 bits. (0x27) */
  readonly tagType?: number | undefined
  /** 1 recording, 2 recording for lawful interception; 16 bits. (0x28) */
  readonly eventType?: number | undefined
  /** (0x29) */
  readonly groupId?: string | undefined
  /** More correlation ids, as the text of a JSON object: OpenSIPS's own, under the generic vendor. (0x65) */
  readonly extraCorrelation?: string | undefined
  /** Chunks without a field, in the order of the packet. */
  readonly chunks?: readonly HepChunk[] | undefined
  /** Whether the payload travels compressed. Version 3 only. @default false */
  readonly compressed?: boolean | undefined
}

/** A message as `decodeHep` reads it. It shares no memory with the bytes that it was read from. */
export interface HepMessage extends HepFields {
  readonly version: HepVersion
  /**
   * What was captured, inflated where it was compressed. Undefined when version 3 has no payload chunk. Versions 1 and 2
   * always have one, maybe empty; OpenSIPS adds NULs to theirs. `hepPayloadText` gives it as text. (0x0f, 0x10)
   */
  readonly payload?: Buffer | undefined
  /** Bytes after the packet, which belong to nothing; undefined without such bytes. Version 3 only. */
  readonly surplusBytes?: number | undefined
}

/** A message as `encodeHep` takes it; any `HepMessage` is one. */
export interface HepMessageInput extends HepFields {
  /** @default 3 */
  readonly version?: HepVersion | undefined
  /**
   * Bytes, or text that is sent as UTF-8. Undefined: no payload chunk, which is not the same as an empty one. (0x0f, or
   * 0x10 when `compressed`)
   */
  readonly payload?: string | Uint8Array | undefined
}

/**
 * The values of `protoType`, by name: what a payload is.
 * Source: HEP3 specification rev. 37; those from MI on are OpenSIPS's own and in no specification.
 */
export const HepProtocolType = Object.freeze({
  SIP: 0x01,
  XMPP: 0x02,
  SDP: 0x03,
  RTP: 0x04,
  RTCP_JSON: 0x05,
  MGCP: 0x06,
  MEGACO: 0x07,
  M2UA: 0x08,
  M3UA: 0x09,
  IAX: 0x0a,
  H322: 0x0b,
  H321: 0x0c,
  M2PA: 0x0d,
  MOS_FULL_JSON: 0x22,
  MOS_SHORT_JSON: 0x23,
  SIP_JSON: 0x32,
  DNS_JSON: 0x35,
  M3UA_JSON: 0x36,
  RTSP: 0x37,
  DIAMETER: 0x38,
  GSM_MAP: 0x39,
  RTCP_PION: 0x3a,
  CDR: 0x3c,
  VERTO: 0x3d,
  /** OpenSIPS: a management command or its reply. */
  MI: 0x57,
  /** OpenSIPS: an HTTP request of its REST client. */
  REST: 0x58,
  /** OpenSIPS: events of a transport, such as an opened connection. */
  NET: 0x59,
  /** OpenSIPS: `correlate()`, which carries correlation ids and no payload. */
  CONTROL: 0x60,
  /** OpenSIPS: a line of its log. */
  XLOG: 0x64,
} as const)
