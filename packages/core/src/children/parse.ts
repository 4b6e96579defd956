import type { Static, TypeSpec } from '@mi/contract'
import type { Validation } from '../validation.js'

/** Enough to see what is wrong. */
const LONGEST_PROBLEM = 300

/** What arrived from another process: a value of the type that was asked for, or what is wrong with it. */
export type Parsed<T> = { readonly value: T } | { readonly problem: string }

/** A parser of what another process sends. */
export function parserOf<const S extends TypeSpec>(
  validation: Validation,
  what: string,
  spec: S,
): (received: unknown) => Parsed<Static<S>> {
  const check = validation.forResult(what, spec)
  return (received) => {
    const problem = check(received)
    return problem === undefined
      ? { value: checked<Static<S>>(received) }
      : { problem: problem.slice(0, LONGEST_PROBLEM) }
  }
}

/** Holds because the value has passed the check that is made of the spec, which the type follows from. */
function checked<T>(value: unknown): T {
  return value as T
}
