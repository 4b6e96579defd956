import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorText } from '@mi/internal/error-text'

/** How many lines are kept. */
export const HISTORY_LINES = 1000

/** The lines that were typed, kept in a file; only in memory where the file cannot be written. */
export class History {
  /** The newest first, as readline wants them. */
  readonly lines: string[]
  /** Why the file cannot be used; undefined while it can. */
  problem: string | undefined

  /** @param path undefined: no line is kept */
  constructor(private readonly path: string | undefined) {
    this.lines = this.load()
  }

  /**
   * Keeps a line, unless it starts with a blank, as in a shell: it may hold a password. Lines are appended one by one, so that
   * shells that run at the same time keep each other's lines.
   */
  add(line: string): void {
    if (this.path === undefined || /^\s/.test(line) || line === '') return
    this.attempt((path) => appendFileSync(path, `${line}\n`, { mode: 0o600 }))
  }

  private load(): string[] {
    let text = ''
    this.attempt((path) => {
      if (existsSync(path)) text = readFileSync(path, 'utf8')
    })
    const lines = text.split('\n').filter((line) => line !== '')
    // The file is cut only now and then, so that it is not rewritten each time.
    if (lines.length > 2 * HISTORY_LINES) {
      this.attempt((path) => writeFileSync(path, `${lines.slice(-HISTORY_LINES).join('\n')}\n`, { mode: 0o600 }))
    }
    return lines.slice(-HISTORY_LINES).reverse()
  }

  private attempt(work: (path: string) => void): void {
    if (this.path === undefined || this.problem !== undefined) return
    try {
      work(this.path)
    } catch (error) {
      this.problem = errorText(error)
    }
  }
}

/** `~/.mi_history`, or the path in MI_HISTORY; none where that is empty. */
export function historyPath({ MI_HISTORY, HOME }: Readonly<Record<string, string | undefined>>): string | undefined {
  if (MI_HISTORY !== undefined) return MI_HISTORY === '' ? undefined : MI_HISTORY
  return HOME === undefined || HOME === '' ? undefined : join(HOME, '.mi_history')
}
