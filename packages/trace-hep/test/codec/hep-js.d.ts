/** The parts of hep-js 1.0.22 that are used here: it has no types of its own. */
declare module 'hep-js' {
  interface CaptureInfo {
    protocolFamily?: number
    protocol?: number
    srcIp?: string
    dstIp?: string
    srcPort?: number
    dstPort?: number
    timeSeconds?: number
    timeUseconds?: number
    payloadType?: number
    captureId?: number
    capturePass?: string
    hepNodeName?: string
    correlation_id?: string
    mos?: number
  }
  interface HepJs {
    encapsulate(payload: string, info: CaptureInfo): Buffer
    /** False when it cannot be read, undefined when there is nothing in it. */
    decapsulate(packet: Buffer): { readonly payload?: string; readonly rcinfo: CaptureInfo } | false | undefined
  }
  const hepJs: HepJs
  export = hepJs
}
