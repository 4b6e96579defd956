import { readFileSync, type Stats, statSync } from 'node:fs'

const STICKY = 0o1000
const WRITABLE_BY_ALL = 0o002

/** MAX_MI_FIFO_BUFFER of mi_fifo: what it reads at once, header and all (3.4 to 4.0). */
const MAX_OPENSIPS_BYTES = 4096

/** `:`, the name of a reply FIFO and `:`; the end of the line does not count (tried with 3.6.8 and 4.0.1). */
const HEADER_BYTES = 35

/** Whether a directory is like /tmp: sticky, and writable by everyone. */
export function isSharedSticky({ mode }: Pick<Stats, 'mode'>): boolean {
  return (mode & STICKY) !== 0 && (mode & WRITABLE_BY_ALL) !== 0
}

/** What the kernel does there, and how to fix it. */
export const PROTECTED_FIFOS_RULE =
  'in a sticky directory that everyone may write to, such as /tmp, the kernel refuses the FIFOs of other users ' +
  '(sysctl fs.protected_fifos): keep the FIFOs in another directory, such as /run/opensips'

/** What decides whether the kernel may have kept a server from a reply FIFO. */
export interface ReplyFacts {
  readonly directory: Pick<Stats, 'mode' | 'uid'>
  /** The user of this process, who owns the reply FIFOs. */
  readonly uid: number
  /** The user of the server's FIFO, undefined when it is not known. */
  readonly serverUid: number | undefined
  /** The value of the sysctl. */
  readonly protectedFifos: number
}

/** Whether the kernel may have refused the server the reply FIFO: the rule does not apply to the owner of the FIFO or of the directory. */
export function mayHaveRefused({ directory, uid, serverUid, protectedFifos }: ReplyFacts): boolean {
  return protectedFifos > 0 && isSharedSticky(directory) && uid !== directory.uid && uid !== serverUid
}

/**
 * Why no reply came, as far as that can be known, and what to check.
 * @param text the request
 * @param hasHeard whether replies came before: the reply directory is then the right one
 */
export function silenceHint(
  text: string,
  { replyDir, serverPaths }: { readonly replyDir: string; readonly serverPaths: readonly string[] },
  hasHeard: boolean,
): string | undefined {
  const bytes = Buffer.byteLength(text) + HEADER_BYTES
  if (bytes > MAX_OPENSIPS_BYTES) {
    return (
      `The request has ${bytes} bytes with its header, and mi_fifo of OpenSIPS drops what has more than ` +
      `${MAX_OPENSIPS_BYTES}: use UDP, a UNIX socket or HTTP for such requests`
    )
  }
  if (hasHeard) return undefined
  if (isRefusedByKernel(replyDir, serverPaths)) return `The reply FIFO was in ${replyDir}: ${PROTECTED_FIFOS_RULE}`
  return (
    `Nothing has come to the reply FIFOs in ${replyDir}: that must be the reply_dir of the server's mi_fifo, and the server ` +
    "must see the same directory, which systemd's PrivateTmp prevents for /tmp; set replyDir (reply_dir in a URL)"
  )
}

function isRefusedByKernel(replyDir: string, serverPaths: readonly string[]): boolean {
  const uid = process.getuid?.()
  if (uid === undefined) return false
  try {
    return mayHaveRefused({
      directory: statSync(replyDir),
      uid,
      serverUid: serverPaths
        .map((path) => statSync(path, { throwIfNoEntry: false })?.uid)
        .find((id) => id !== undefined),
      protectedFifos: Number(readFileSync('/proc/sys/fs/protected_fifos', 'utf8')),
    })
  } catch {
    // No such rule on this platform, or a path that this process may not look at.
    return false
  }
}
