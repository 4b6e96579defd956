import { MiError } from '@mi/contract'
import { cannotMake } from './make-error.js'
import { MkfifoUtility, NoUtilityError } from './mkfifo-utility.js'
import type { MkfifoCall } from './posix.js'

/** Makes FIFOs, which Node.js cannot do itself: by `@mi/posix` when it is installed, else by the utility `mkfifo`. */
export class FifoMaker {
  private readonly utility: MkfifoUtility
  private call: Promise<MkfifoCall> | undefined

  /**
   * @param mode permission bits, exact whatever the umask
   * @param findCall finds the call; asked at the first FIFO
   */
  constructor(
    private readonly mode: number,
    private readonly findCall: () => Promise<MkfifoCall>,
  ) {
    this.utility = new MkfifoUtility(mode)
  }

  /**
   * Makes one FIFO. After an abort it may exist all the same: that is for the caller to look at.
   * @throws MiError `MI_CONNECTION` when the directory does not let it be made, `MI_UNSUPPORTED` when nothing can make it
   */
  async make(path: string, signal: AbortSignal): Promise<void> {
    this.call ??= this.findCall()
    const call = await this.call
    signal.throwIfAborted()
    if ('mkfifo' in call) makeNow(call.mkfifo, path, this.mode)
    else await this.utility.make(path, signal).catch((error: unknown) => rethrow(error, call.reason))
  }
}

function makeNow(mkfifo: (path: string, mode: number) => void, path: string, mode: number): void {
  try {
    mkfifo(path, mode)
  } catch (cause) {
    throw cannotMake(path, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

function rethrow(error: unknown, reason: string): never {
  if (!(error instanceof NoUtilityError)) throw error
  throw new MiError(
    'MI_UNSUPPORTED',
    `the utility mkfifo, which makes reply FIFOs, is not in PATH; install it, or @mi/posix, which does without (${reason})`,
    { cause: error.cause },
  )
}
