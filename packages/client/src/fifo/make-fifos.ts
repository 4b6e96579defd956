import { MiError, type RequestSignal } from '@mi/contract'
import { errorText } from '@mi/internal/error-text'
import type { FindPosix, PosixSearch } from '@mi/internal/optional-posix'
import { cannotMake, liveFifos, MkfifoUtility, NoUtilityError } from './mkfifo-utility.js'

/** Makes FIFOs, which Node.js cannot do itself: with `@mi/posix` where it is installed, else with the utility `mkfifo`. */
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

  /** Removes a FIFO, if it was made. */
  remove(path: string): void {
    liveFifos.remove(path)
  }

  /**
   * Makes one FIFO, which does not outlive the process. After an abort or a failure it may exist all the same: remove it.
   * @throws MiError `MI_CONNECTION` when the directory does not let it be made, `MI_UNSUPPORTED` when nothing can make it
   */
  async make(path: string, signal: RequestSignal): Promise<void> {
    liveFifos.add(path)
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
    throw cannotMake(path, errorText(cause), cause)
  }
}

function rethrow(error: unknown, reason: string): never {
  if (!(error instanceof NoUtilityError)) throw error
  throw new MiError(
    'MI_UNSUPPORTED',
    `the utility mkfifo, which makes reply FIFOs, is not in PATH; install it, or @mi/posix, which does not need it (${reason})`,
    { cause: error.cause },
  )
}
