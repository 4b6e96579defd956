import { array, literal, object, optional, schema, string } from './builders.js'
import { defineModule } from './module-contract.js'

/** The commands that OpenSIPS itself exports from its core, with its names and shapes. Source: mi/mi_core.c. */
export const coreContract = /* @__PURE__ */ defineModule('core', {
  uptime: {
    help: 'prints various time information about the server - when it started to run, for how long it runs',
    level: 'read',
    recipes: [{}],
    result: object({ Now: 'string', 'Up since': 'string', 'Up time': 'string' }),
    idempotent: true,
  },
  version: {
    help: 'prints the version string of a running server; with a parameter, its source revision too',
    level: 'read',
    recipes: [{}, { revision: schema<string | number>({ type: ['string', 'number'] }) }],
    result: object({ Server: 'string', Revision: optional('string') }),
    idempotent: true,
  },
  pwd: {
    help: 'prints the working directory of the server',
    level: 'read',
    recipes: [{}],
    result: object({ WD: 'string' }),
    idempotent: true,
  },
  arg: {
    help: 'returns the full list of arguments used at startup',
    level: 'read',
    recipes: [{}],
    result: array('string'),
    idempotent: true,
  },
  which: {
    help: 'lists all available MI commands, those of one module (module:), or the parameter lists of one command',
    level: 'read',
    recipes: [{}, { command: 'string' }],
    result: schema<string[] | string[][]>({ type: 'array' }),
    idempotent: true,
  },
  ps: {
    help: 'lists all processes used by the server',
    level: 'read',
    recipes: [{}],
    result: object({ Processes: array(object({ ID: 'int', PID: 'int', Type: 'string' })) }),
    idempotent: true,
  },
  kill: {
    help: 'terminates the server',
    level: 'admin',
    recipes: [{}],
    result: literal('OK'),
  },
  log_level: {
    help: 'gets/sets the per process or global log level',
    level: 'admin',
    recipes: [{}, { level: 'int' }, { level: 'int', pid: 'int' }],
    result: schema<
      | { Processes: { PID: number; 'Log level': number; Type: string }[] }
      | { 'New global log level': number }
      | { 'Log level': number }
    >({ type: 'object' }),
    idempotent: true,
  },
  help: {
    help: 'prints information about MI commands usage',
    level: 'read',
    recipes: [{}, { mi_cmd: string() }],
    result: schema<string | { Help: string; 'Exported by': string }>({ type: ['string', 'object'] }),
    idempotent: true,
  },
})
