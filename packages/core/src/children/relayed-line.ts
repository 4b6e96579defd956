import { inspect } from 'node:util'
import type { MiLogger } from '@mi/contract'
import type { FromChild } from './messages.js'
import { portableError, revivedError } from './portable-error.js'

/** A line of a log on its way to the main process. */
export type RelayedLine = Extract<FromChild, { type: 'log' }>

/** A line as a message: errors apart, and what JSON cannot carry as text. */
export function relayedLine(
  level: keyof MiLogger,
  fields: Readonly<Record<string, unknown>>,
  message: string,
): RelayedLine {
  const plain: [field: string, value: unknown][] = []
  const errors: RelayedLine['errors'] = []
  for (const [field, value] of Object.entries(fields)) {
    if (value instanceof Error) errors.push({ field, chain: portableError(value) })
    else plain.push([field, carried(value)])
  }
  // From entries, so that a field named __proto__ is one like the others.
  return { type: 'log', level, fields: Object.fromEntries(plain), errors, message: String(message) }
}

/** The fields as they were, errors as errors. */
export function revivedFields({ fields, errors }: Pick<RelayedLine, 'fields' | 'errors'>): Record<string, unknown> {
  return { ...fields, ...Object.fromEntries(errors.map(({ field, chain }) => [field, revivedError(chain)])) }
}

function carried(value: unknown): unknown {
  if (typeof value !== 'object' && typeof value !== 'bigint') return value
  try {
    JSON.stringify(value)
    return value
  } catch {
    // A cycle, a bigint, a `toJSON` that throws: people can still read it.
    return inspect(value)
  }
}
