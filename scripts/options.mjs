import { parseArgs } from 'node:util'
import { Failure } from './failure.mjs'

/**
 * The options of a task, which takes no other arguments.
 * @template {import('node:util').ParseArgsConfig} C
 * @param {C} config as node:util's parseArgs takes it
 * @returns {ReturnType<typeof parseArgs<C>>['values']}
 * @throws {Failure} for any other argument
 */
export function readOptions(config) {
  try {
    return parseArgs(config).values
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error), 2)
  }
}
