/** Child processes that serve one transport together, each with an engine of its own. */
export interface ChildrenOptions {
  /** How many processes. */
  readonly count: number
  /**
   * A module to import in each child (a `file:` URL): every export of it that is an `MiModule`, or an array of them, is
   * served there. One that exports none is an error. Where the engine has `access` or `interceptors`, it must export them too.
   */
  readonly modules: URL | string
  /** A module that exports `createTransport`, a `CreateTransport`: it makes the child's transport. */
  readonly transport: URL
  /** Given to `createTransport`: plain data, which the structured clone algorithm copies. */
  readonly options: unknown
  /** File descriptors of this process that each child inherits: `createTransport` gets their numbers in the child. */
  readonly descriptors: readonly number[]
  /** What `ps` calls the children: `MI Datagram`. */
  readonly processType: string
  /**
   * Called when a child has ended without being asked to, before it is replaced.
   * @param index the child's place, 0 to `count - 1`, which its successor takes over
   */
  readonly onDeath?: ((index: number) => void) | undefined
}

/** The child processes of one transport. A child that dies is replaced until they are closed. */
export interface Children {
  /** Each child takes no new requests, sends the answers it owes and ends; resolves when all have. May be called again. */
  close(): Promise<void>
}
