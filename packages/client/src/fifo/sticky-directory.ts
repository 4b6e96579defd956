import { readFileSync, type Stats, statSync } from 'node:fs'

const sticky = 0o1000
const writableByAll = 0o002

/** Whether a directory is like /tmp: sticky, and writable by everyone. */
export function isSharedSticky({ mode }: Pick<Stats, 'mode'>): boolean {
  return (mode & sticky) !== 0 && (mode & writableByAll) !== 0
}

/** What the kernel does there, and how to mend it. */
export const protectedFifosRule =
  'in a sticky directory that everyone may write to, such as /tmp, the kernel refuses the FIFOs of other users ' +
  '(sysctl fs.protected_fifos): keep the FIFOs in a directory of their own, such as /run/opensips'

/** Who and where, to tell whether the rule may have kept a server from a reply FIFO. */
export interface ReplyFacts {
  readonly directory: Pick<Stats, 'mode' | 'uid'>
  /** The user of this process, who owns the reply FIFOs. */
  readonly uid: number
  /** The user of the server's FIFO, undefined when it cannot be told. */
  readonly serverUid: number | undefined
  /** The value of the sysctl. */
  readonly protectedFifos: number
}

/** Whether the kernel may have refused the server the reply FIFO: the rule lets owners and the directory's owner be. */
export function mayHaveRefused({ directory, uid, serverUid, protectedFifos }: ReplyFacts): boolean {
  return protectedFifos > 0 && isSharedSticky(directory) && uid !== directory.uid && uid !== serverUid
}

/** What to say of an answer that stayed away, if the kernel's rule may be why. */
export function replyHint(replyDir: string, serverPaths: readonly string[]): string | undefined {
  const uid = process.getuid?.()
  if (uid === undefined) return undefined
  try {
    const facts: ReplyFacts = {
      directory: statSync(replyDir),
      uid,
      serverUid: serverPaths
        .map((path) => statSync(path, { throwIfNoEntry: false })?.uid)
        .find((id) => id !== undefined),
      protectedFifos: Number(readFileSync('/proc/sys/fs/protected_fifos', 'utf8')),
    }
    return mayHaveRefused(facts) ? `The reply FIFO was in ${replyDir}: ${protectedFifosRule}` : undefined
  } catch {
    // A hint that cannot be checked is none: no such rule on this platform, or a path that may not be looked at.
    return undefined
  }
}
