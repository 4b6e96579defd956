/** What a link tells the destination that opened it. Nothing more follows `closed`. */
export interface LinkEvents {
  /** It takes packets. */
  opened(): void
  /** So many packets went out: as far as this side can know. */
  sent(count: number): void
  /** So many packets were taken and did not go out. The link stays open. */
  lost(count: number, error: unknown): void
  /** There is room again, after `send` did not take all. */
  ready(): void
  /** It could not be opened, or is broken. */
  closed(error: Error): void
}

/** One connection to a capture server, or one socket that sends to it. */
export interface Link {
  /** Packets that were taken, and of which neither `sent` nor `lost` has told yet. */
  readonly unsettled: number
  /**
   * Takes packets, copying or sending them: their memory is the caller's again.
   * @returns how many of them, the first ones
   */
  send(packets: readonly Uint8Array[]): number
  /** Ends it in order; `closed` tells when that is done. */
  end(): void
  /** Ends it at once, without `closed`. */
  destroy(): void
}
