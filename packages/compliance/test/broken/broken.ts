/** A transport with one promise broken, and the case that is about that promise. */
export interface Broken<Make, Traits> {
  /** What is wrong with it. */
  readonly fault: string
  readonly make: Make
  /** How the case's name begins. */
  readonly failsIn: string
  /** Traits that the case depends on. */
  readonly traits?: Partial<Traits> | undefined
}
