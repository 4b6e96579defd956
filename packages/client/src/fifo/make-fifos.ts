import { MiError } from '@mi/contract'
import type { FindPosix, PosixSearch } from '../find-posix.js'
import { cannotMake } from './make-error.js'
import { MkfifoUtility, NoUtilityError } from './mkfifo-utility.js'

/** Makes FIFOs, which Node.js cannot do itself: by `@mi/posix` when it is installed, else by the utility `mkfifo`. */
export class FifoMaker {
  private readonly utility: MkfifoUtility
  private search: Promise<PosixSearch> | undefined

  /**
   * @param mode permission bits, exact whatever the umask
   * @param find finds `@mi/posix`; asked at the first FIFO
   */
  constructor(
    private readonly mode: number,
    private readonly find: FindPosix,
  ) {
    this.utility = new MkfifoUtility(mode)
  }

  /**
   * Makes one FIFO. After an abort it may exist all the same: that is for the caller to look at.
   * @throws MiError `MI_CONNECTION` when the directory does not let it be made, `MI_UNSUPPORTED` when nothing can make it
   */
  async make(path: string, signal: AbortSignal): Promise<void> {
    this.search ??= this.find()
    const { posix, reason } = await this.search
    signal.throwIfAborted()
    if (posix !== undefined) makeNow(posix.mkfifo, path, this.mode)
    else await this.utility.make(path, signal).catch((error: unknown) => rethrow(error, reason))
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
