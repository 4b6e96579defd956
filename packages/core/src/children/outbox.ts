/** One end of an IPC channel: `process` in a child, the `ChildProcess` in its parent. */
export interface Channel {
  /** @returns false when so much waits to be sent that the sender should pause */
  send(message: object, sent: (error: Error | null) => void): boolean
}

/**
 * Sends messages to another process. Node keeps what the channel does not take at once, without a bound of its own; here
 * whatever can be done without is not sent while the channel is backed up (128 kB and more waiting).
 */
export class Outbox<Message extends object> {
  private backedUp = false

  /** @param drained called when a channel that was backed up takes messages again */
  constructor(
    private readonly channel: Channel,
    private readonly drained: () => void = () => {},
  ) {}

  /** Sends unless the channel is backed up. @returns whether it was sent */
  offer(message: Message): boolean {
    if (this.backedUp) return false
    this.insist(message)
    return true
  }

  /**
   * Sends what must not be left out, and what is sent once in the life of a process.
   * @param sent called when the system has taken the message, or when it never will
   */
  insist(message: Message, sent: () => void = () => {}): void {
    const taken = this.channel.send(message, () => {
      // An error says that the other process is gone, which 'disconnect' and 'exit' tell too.
      sent()
      if (!this.backedUp) return
      this.backedUp = false
      this.drained()
    })
    if (!taken) this.backedUp = true
  }
}
