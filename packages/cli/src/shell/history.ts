import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** How many lines are remembered. */
const limit = 1000

/** The lines typed before, kept in a file; in memory alone where the file cannot be written. */
export class History {
  /** The newest first, as readline takes them. */
  readonly lines: string[]
  /** Why the file cannot be used, once that is known. */
  problem: string | undefined

  /** @param path undefined: nothing is kept */
  constructor(private readonly path: string | undefined) {
    this.lines = this.load()
  }

  /**
   * Remembers a line, unless it begins with a blank, as in a shell: it may hold a password.
   * Each is appended by itself, so that shells that run at the same time keep each other's lines.
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
    // It grows by a line at a time; cut only now and then, it is not written anew each time.
    if (lines.length > 2 * limit) {
      this.attempt((path) => writeFileSync(path, `${lines.slice(-limit).join('\n')}\n`, { mode: 0o600 }))
    }
    return lines.slice(-limit).reverse()
  }

  private attempt(work: (path: string) => void): void {
    if (this.path === undefined || this.problem !== undefined) return
    try {
      work(this.path)
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error)
    }
  }
}

/** `~/.mi_history`, or what MI_HISTORY says; none when that is empty. */
export function historyPath({ MI_HISTORY, HOME }: Readonly<Record<string, string | undefined>>): string | undefined {
  if (MI_HISTORY !== undefined) return MI_HISTORY === '' ? undefined : MI_HISTORY
  return HOME === undefined || HOME === '' ? undefined : join(HOME, '.mi_history')
}
