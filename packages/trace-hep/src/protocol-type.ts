/**
 * What a payload can be, by name: the values of `protoType`.
 * Source: HEP3 specification rev. 37; from MI on OpenSIPS's own, which stand in no specification.
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
