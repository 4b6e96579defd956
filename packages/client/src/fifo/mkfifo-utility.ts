import { errorCode } from '../error-code.js'
import { liveFifos } from './live-fifos.js'
import { cannotMake } from './make-error.js'

/** How many FIFOs one process makes: keeps its argument list short. */
const maxPerProcess = 128

/** Making a file takes milliseconds; a directory that hangs must not keep the process for ever. */
const makerTimeoutMs = 10_000

interface Job {
  readonly path: string
  resolve(): void
  reject(reason: unknown): void
}

/** The utility is not in PATH. */
export class NoUtilityError extends Error {}

/**
 * Makes FIFOs by the utility `mkfifo` of POSIX. Requests that come while a process starts or runs share the next one.
 */
export class MkfifoUtility {
  private waiting: Job[] = []
  private isBusy = false

  /** @param mode permission bits, exact whatever the umask */
  constructor(private readonly mode: number) {}

  /**
   * Makes one FIFO. An abort is heeded until the process starts; after that the FIFO may exist, so the process is
   * awaited, and the signal is for the caller to look at.
   * @throws NoUtilityError
   * @throws MiError `MI_CONNECTION`
   */
  make(path: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        const place = this.waiting.indexOf(job)
        if (place === -1) return
        this.waiting.splice(place, 1)
        job.reject(signal.reason)
      }
      const settled = (): void => signal.removeEventListener('abort', onAbort)
      const job: Job = {
        path,
        resolve: () => {
          settled()
          resolve()
        },
        reject: (reason) => {
          settled()
          reject(reason)
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.waiting.push(job)
      this.start()
    })
  }

  private start(): void {
    if (this.isBusy) return
    this.isBusy = true
    // Not at once: calls that are made in one go can then share the process.
    setImmediate(() => {
      const jobs = this.waiting.splice(0, maxPerProcess)
      void this.runProcess(jobs).then((error) => {
        for (const job of jobs) {
          if (error === undefined) job.resolve()
          else job.reject(failureOf(job.path, error))
        }
        this.isBusy = false
        if (this.waiting.length > 0) this.start()
      })
    })
  }

  private async runProcess(jobs: readonly Job[]): Promise<Failure | undefined> {
    if (jobs.length === 0) return undefined
    const args = ['-m', this.mode.toString(8), ...jobs.map(({ path }) => path)]
    // PATH as this process has it, texts that can be read by anyone.
    const env = { ...process.env, LC_ALL: 'C' }
    // Not before it is needed: with @mi/posix it never is, and it costs a third of what loading this package does.
    const { execFile } = await import('node:child_process')
    return new Promise((resolve) => {
      try {
        const options = { env, timeout: makerTimeoutMs, killSignal: 'SIGKILL' } as const
        const maker = execFile('mkfifo', args, options, (cause, _, stderr) =>
          resolve(cause === null ? undefined : { cause, stderr }),
        )
        liveFifos.addMaker(maker)
      } catch (cause) {
        resolve({ cause, stderr: '' })
      }
    })
  }
}

interface Failure {
  readonly cause: unknown
  readonly stderr: string
}

function failureOf(path: string, { cause, stderr }: Failure): Error {
  if (errorCode(cause) === 'ENOENT') return new NoUtilityError('there is no utility mkfifo in PATH', { cause })
  const line = stderr.split('\n', 1)[0]?.trim()
  return cannotMake(path, line === undefined || line === '' ? String(cause) : line, cause)
}
