/** What one check has found. */
export interface Finding {
  /** What was checked: `FIFO`. */
  readonly check: string
  /** A note is worth knowing, and stops nothing. */
  readonly state: 'ok' | 'note' | 'problem'
  readonly text: string
  /** What to do, line by line. Commands to type begin with `$ `. */
  readonly fix: readonly string[]
}

export function ok(check: string, text: string): Finding {
  return { check, state: 'ok', text, fix: [] }
}

export function note(check: string, text: string, ...fix: string[]): Finding {
  return { check, state: 'note', text, fix }
}

export function problem(check: string, text: string, ...fix: string[]): Finding {
  return { check, state: 'problem', text, fix }
}
