import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { MiError, type RequestSignal } from '@mi/contract'
import { errorCode } from '@mi/internal/error-text'
import { LiveFiles } from '../live-files.js'

/** How many FIFOs one process makes: keeps its argument list short. */
const MAX_PER_PROCESS = 128

/** Making a file takes milliseconds; a directory that hangs must not hold up the process without end. */
const MAKER_TIMEOUT_MS = 10_000

interface Job {
  readonly path: string
  resolve(): void
  reject(reason: unknown): void
}

/** The utility is not in PATH. */
export class NoUtilityError extends Error {}

/**
 * Makes FIFOs with the utility `mkfifo` of POSIX. Calls that come while a process starts or runs share the next one.
 */
export class MkfifoUtility {
  private waiting: Job[] = []
  private isBusy = false

  /** @param mode permission bits, exact whatever the umask */
  constructor(private readonly mode: number) {}

  /**
   * Makes one FIFO. An abort has an effect until the process starts; after that the FIFO may exist, so the process is
   * awaited, and the caller must look at the signal.
   * @throws NoUtilityError
   * @throws MiError `MI_CONNECTION`
   */
  make(path: string, signal: RequestSignal): Promise<void> {
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
      signal.addEventListener('abort', onAbort)
      this.waiting.push(job)
      this.start()
    })
  }

  private start(): void {
    if (this.isBusy) return
    this.isBusy = true
    // Not at once: calls that are made in one go can then share the process.
    setImmediate(() => {
      const jobs = this.waiting.splice(0, MAX_PER_PROCESS)
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
        const options = { env, timeout: MAKER_TIMEOUT_MS, killSignal: 'SIGKILL' } as const
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
  if (errorCode(cause) === 'ENOENT') return new NoUtilityError('the utility mkfifo is not in PATH', { cause })
  const line = stderr.split('\n', 1)[0]?.trim()
  return cannotMake(path, line === undefined || line === '' ? String(cause) : line, cause)
}

/** `MI_CONNECTION` for a reply FIFO that could not be made: which, why, and how to fix it. */
export function cannotMake(path: string, reason: string, cause: unknown): MiError {
  const isFull = /ENOSPC|EDQUOT|No space left|quota/.test(reason)
  const advice = isFull
    ? 'make room there (df, and df -i)'
    : "give a replyDir that exists, that this process may write to, and that is the server's reply directory too"
  return new MiError('MI_CONNECTION', `cannot make the reply FIFO ${path}: ${reason}; ${advice}`, { cause })
}

/** The reply FIFOs that exist, and the processes that make more of them. */
class LiveFifos extends LiveFiles {
  private readonly makers = new Set<ChildProcess>()

  /** A process that makes FIFOs: it must not make one after they were removed. */
  addMaker(maker: ChildProcess): void {
    this.makers.add(maker)
    maker.once('close', () => this.makers.delete(maker))
  }

  protected override removeAll(): void {
    for (const maker of this.makers) {
      maker.kill('SIGKILL')
      waitForDeath(maker.pid)
    }
    super.removeAll()
  }
}

/** One for the process: with one per client, Node.js would soon warn of too many listeners. */
export const liveFifos = new LiveFifos()

/** Long enough for a killed process to leave the system call it is in. */
const DEATH_WAIT_MS = 100

/**
 * Waits, on the way out of the process, until a killed child does nothing more. The event loop, which no
 * longer runs, cannot report that.
 */
export function waitForDeath(pid: number | undefined): void {
  if (pid === undefined) return
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (let waited = 0; waited < DEATH_WAIT_MS && runs(pid); waited += 1) Atomics.wait(pause, 0, 0, 1)
}

function runs(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The state follows the name, which is in parentheses and may itself hold some. Z is dead and not yet reaped.
    return stat[stat.lastIndexOf(')') + 2] !== 'Z'
  } catch {
    // Gone; or a platform without /proc, where only the time can be waited for.
    return process.platform !== 'linux'
  }
}
