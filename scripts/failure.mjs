/** A failure that is explained by its message alone; no stack is shown for it. */
export class Failure extends Error {
  /**
   * @param {string} message
   * @param {number} [exitStatus]
   */
  constructor(message, exitStatus = 1) {
    super(message)
    this.exitStatus = exitStatus
  }
}

/**
 * Runs a script's work; what it throws becomes a message and an exit status other than zero.
 * @param {() => Promise<number | undefined>} work resolves with the exit status, undefined to leave it alone
 */
export async function runScript(work) {
  try {
    const status = await work()
    if (status !== undefined) process.exitCode = status
  } catch (error) {
    console.error(error instanceof Failure ? error.message : error)
    process.exitCode = error instanceof Failure ? error.exitStatus : 1
  }
}
