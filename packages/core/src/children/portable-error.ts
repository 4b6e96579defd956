import { inspect } from 'node:util'
import type { ErrorChain } from './messages.js'

/** Causes beyond this many are left out. */
const MOST_CAUSES = 4

/** An error as another process can take it: without its class, with what people look for. */
export function portableError(error: unknown): ErrorChain {
  const chain: ErrorChain = []
  let next = error
  while (chain.length <= MOST_CAUSES && (next instanceof Error || chain.length === 0)) {
    chain.push(portable(next))
    next = next instanceof Error ? next.cause : undefined
  }
  return chain
}

/** An `Error` again, so that loggers print it as one. */
export function revivedError(chain: ErrorChain): Error {
  let error: Error | undefined
  for (const { name, message, stack, code } of [...chain].reverse()) {
    const outer = new Error(message, error && { cause: error })
    Object.defineProperty(outer, 'name', { value: name, enumerable: false })
    // Without the other process's stack there is none: where it was made again says nothing.
    Object.defineProperty(outer, 'stack', { value: stack ?? `${name}: ${message}`, enumerable: false })
    error = code === undefined ? outer : Object.assign(outer, { code })
  }
  return error ?? new Error('unknown')
}

function portable(error: unknown): ErrorChain[number] {
  if (!(error instanceof Error)) return { name: 'Error', message: typeof error === 'string' ? error : inspect(error) }
  const { name, message, stack } = error
  const code = 'code' in error && isCode(error.code) ? error.code : undefined
  return {
    name: String(name),
    message: String(message),
    ...(typeof stack === 'string' && { stack }),
    ...(code !== undefined && { code }),
  }
}

function isCode(code: unknown): code is string | number {
  return typeof code === 'string' || Number.isFinite(code)
}
