import { array, defineModule, int, literal, object, string } from '@mi/contract'

/** One word, so that a target fits a line of the targets file. Patterns are not anchored by themselves. */
const name = string({ pattern: '^[\\w.-]{1,64}$' })

/** A name or an IP address. */
const host = string({ pattern: '^[\\w.:-]{1,253}$' })

const port = int({ minimum: 1, maximum: 65_535 })

/** The commands of the module, for servers and clients. Clients import this file alone. */
export const probe = defineModule('probe', {
  add: {
    help: 'adds a target: a host and a TCP port under a name',
    recipes: [{ name, host, port }],
    result: literal('OK'),
  },
  remove: {
    help: 'removes a target',
    recipes: [{ name }],
    result: literal('OK'),
  },
  list: {
    help: 'lists the targets',
    recipes: [{}],
    result: object({ Targets: array(object({ name: 'string', host: 'string', port: 'int' })) }),
    idempotent: true,
  },
  check: {
    help: 'connects to a target and tells how long that took',
    aliases: ['probe_check'],
    recipes: [{ name }, { name, within_ms: int({ minimum: 1, maximum: 30_000 }) }],
    result: object({ name: 'string', connect_ms: 'int' }),
    async: true,
    idempotent: true,
    timeoutMs: 35_000,
  },
})
