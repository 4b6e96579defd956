import { MiError } from '@mi/contract'

/** How much of an answer a message shows, in characters. */
const shownLength = 200

/**
 * `MI_PROTOCOL`: what is wrong, and the beginning of what arrived. All of it is in `data`.
 * @param text what arrived; null for nothing
 */
export function protocolError(problem: string, text: string | null, options?: ErrorOptions): MiError {
  const shown = (text ?? '').trim()
  const end = shown.length > shownLength ? `${shown.slice(0, shownLength)}...` : shown
  return new MiError('MI_PROTOCOL', end === '' ? problem : `${problem}: ${end}`, { ...options, data: text ?? '' })
}
