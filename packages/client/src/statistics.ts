import { defineModule } from '@mi/contract'
import { protocolError } from './protocol-error.js'

const contract = defineModule('statistics', {
  get: { aliases: ['get_statistics'], recipes: [{ statistics: 'string[]' }], idempotent: true },
})

/** The command behind `client.statistics`. */
export const getStatistics: typeof contract.get = contract.get

/** @throws TypeError for what is no list of names, and for an empty one, which servers refuse */
export function assertStatisticNames(names: readonly string[]): void {
  const given: unknown = names
  if (!Array.isArray(given) || given.length === 0 || !given.every((name) => typeof name === 'string' && name !== '')) {
    throw new TypeError("statistics(): name at least one statistic: ['core:rcv_requests'], ['tm:'] or ['all']")
  }
}

/**
 * Values as numbers, whether they came as numbers or as decimal text. Beyond 2^53 they are the nearest number.
 * @throws MiError `MI_PROTOCOL` for what is no object of numbers
 */
export function toNumbers(where: string, result: unknown): Record<string, number> {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) {
    throw protocolError(`no statistics came from ${where}`, JSON.stringify(result))
  }
  const numbers = Object.entries(result).map(([name, value]): [string, number] => {
    if (typeof value === 'number') return [name, value]
    if (typeof value === 'string' && decimal.test(value.trim())) return [name, Number(value)]
    throw protocolError(`statistic '${name}' from ${where} is no number`, JSON.stringify(value))
  })
  return Object.fromEntries(numbers)
}

const decimal = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i
