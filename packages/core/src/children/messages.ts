import { array, int, literal, object, oneOf, optional, type Static, schema, string } from '@mi/contract'

/**
 * What the main process and a child tell each other over Node's IPC channel, as JSON. The types follow from the data, and
 * each message is held against it when it arrives.
 */

const number = schema<number>({ type: 'number' })
const anything = schema<unknown>({})
const samples = array(object({ group: 'string', name: 'string', value: number, counter: 'bool' }))

/** An error and its causes, the outermost first. */
export const errorChain = array(
  object({
    name: 'string',
    message: 'string',
    stack: optional('string'),
    code: optional(oneOf('string', number)),
  }),
  { minItems: 1 },
)

export type ErrorChain = Static<typeof errorChain>

const configuration = object({
  /** Place of the child among those of its transport, from 0. */
  index: int({ minimum: 0 }),
  /** URL of the module that exports the commands. */
  modules: string({ minLength: 1 }),
  /** URL of the module that exports `createTransport`, what is handed to it, and the descriptors inherited. */
  transport: string({ minLength: 1 }),
  options: anything,
  descriptors: 'int[]',
  /** Statistics group of the transport. */
  group: 'string',
  level: 'int',
  /** When the server began, in milliseconds since 1970, and its arguments. */
  startedAt: number,
  args: 'string[]',
  server: object({ name: optional('string'), version: optional('string'), revision: optional('string') }),
  limits: object({
    commandTimeoutMs: number,
    closeTimeoutMs: number,
    maxInFlight: number,
    maxBatchRequests: number,
    childStartTimeoutMs: number,
  }),
  checkResults: 'bool',
  allowKill: 'bool',
})

/** All that a child needs to know to serve. */
export type Configuration = Static<typeof configuration>

/** From the main process to a child. */
export const toChild = oneOf(
  object({ type: literal('configure'), configuration }),
  // Answered by `numbers`.
  object({ type: literal('read'), id: 'int' }),
  object({ type: literal('reset'), id: 'int', names: 'string[]' }),
  object({ type: literal('level'), level: 'int' }),
  // The answer to an `ask`.
  object({ type: literal('answer'), id: 'int', value: anything }),
  object({ type: literal('failed'), id: 'int', error: errorChain }),
  object({ type: literal('close') }),
)

export type ToChild = Static<typeof toChild>

const question = oneOf(
  object({ type: literal('processes') }),
  object({ type: literal('level'), level: 'int', pid: optional('int') }),
  object({ type: literal('read'), selectors: 'string[]' }),
  object({ type: literal('kinds'), selectors: 'string[]' }),
  object({ type: literal('reset'), selectors: 'string[]' }),
)

/** What a command that runs in a child asks of the main process. */
export type Question = Static<typeof question>

/** From a child to the main process. */
export const fromChild = oneOf(
  object({
    type: literal('log'),
    level: literal('debug', 'info', 'warn', 'error'),
    fields: schema<Record<string, unknown>>({ type: 'object' }),
    // Those of the fields that hold an error.
    errors: array(object({ field: 'string', chain: errorChain })),
    message: 'string',
  }),
  // `id` is that of the `read` or `reset` which this answers; 0: told unasked.
  object({ type: literal('numbers'), id: 'int', samples }),
  object({ type: literal('ask'), id: 'int', question }),
  object({ type: literal('ready'), samples }),
  object({ type: literal('failed'), error: errorChain }),
  object({ type: literal('kill') }),
)

export type FromChild = Static<typeof fromChild>

/** What the main process answers to each question. */
export const answers = {
  processes: array(object({ id: 'int', pid: 'int', type: 'string', level: 'int' })),
  level: 'bool',
  read: schema<Record<string, number>>({ type: 'object', additionalProperties: { type: 'number' } }),
  kinds: schema<Record<string, 'incremental' | 'non-incremental'>>({
    type: 'object',
    additionalProperties: { enum: ['incremental', 'non-incremental'] },
  }),
  reset: 'int',
} as const
