/** What the user must mend before a server can be asked: an argument, the configuration. Ends `mi` with status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
