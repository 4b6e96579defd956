/**
 * What is known for certain of a command's answers: those of `core` and `statistics`, which the engine of this repository gives too.
 *
 * @typedef {object} Known
 * @property {string} result TypeScript, indented as in the generated file
 * @property {readonly string[]} builders the names that it imports
 * @property {boolean} idempotent
 */

/** @type {Known} */
const ok = { result: "literal('OK')", builders: ['literal'], idempotent: true }

const logLevel = `schema<
      | { Processes: { PID: number; 'Log level': number; Type: string }[] }
      | { 'New global log level': number }
      | { 'Log level': number }
    >({ type: 'object' })`

const statisticsList = `schema<Record<string, 'incremental' | 'non-incremental'>>({
      type: 'object',
      additionalProperties: { enum: ['incremental', 'non-incremental'] },
    })`

/**
 * @param {string} type
 * @param {string} jsonSchema
 * @returns {Known}
 */
const asSchema = (type, jsonSchema) => ({
  result: `schema<${type}>(${jsonSchema})`,
  builders: ['schema'],
  idempotent: true,
})

/** @type {Readonly<Record<string, Known>>} */
export const results = {
  'core:uptime': {
    result: "object({ Now: 'string', 'Up since': 'string', 'Up time': 'string' })",
    builders: ['object'],
    idempotent: true,
  },
  'core:version': {
    result: "object({ Server: 'string', Revision: optional('string') })",
    builders: ['object', 'optional'],
    idempotent: true,
  },
  'core:pwd': { result: "object({ WD: 'string' })", builders: ['object'], idempotent: true },
  'core:arg': { result: "array('string')", builders: ['array'], idempotent: true },
  'core:which': asSchema('string[] | string[][]', "{ type: 'array' }"),
  'core:ps': {
    result: "object({ Processes: array(object({ ID: 'int', PID: 'int', Type: 'string' })) })",
    builders: ['array', 'object'],
    idempotent: true,
  },
  'core:kill': { ...ok, idempotent: false },
  'core:log_level': { result: logLevel, builders: ['schema'], idempotent: true },
  'core:help': asSchema("string | { Help: string; 'Exported by': string }", "{ type: ['string', 'object'] }"),
  'statistics:get': asSchema('Record<string, number>', "{ type: 'object', additionalProperties: { type: 'number' } }"),
  'statistics:list': { result: statisticsList, builders: ['schema'], idempotent: true },
  'statistics:reset': ok,
  'statistics:reset_all': ok,
}
