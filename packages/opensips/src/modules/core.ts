// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { array, defineModule, literal, object, optional, schema } from '@mi/contract'

/** The commands of `core`. */
export const core = defineModule('core', {
  /** `core:uptime`; `uptime` in 3.5. */
  uptime: {
    recipes: [{}],
    result: object({ Now: 'string', 'Up since': 'string', 'Up time': 'string' }),
    idempotent: true,
  },
  /** `core:version`; `version` in 3.5. */
  version: {
    recipes: [{}, { revision: schema<unknown>({}) }],
    result: object({ Server: 'string', Revision: optional('string') }),
    idempotent: true,
  },
  /** `core:pwd`; `pwd` in 3.5. */
  pwd: {
    recipes: [{}],
    result: object({ WD: 'string' }),
    idempotent: true,
  },
  /** `core:arg`; `arg` in 3.5. */
  arg: {
    recipes: [{}],
    result: array('string'),
    idempotent: true,
  },
  /** `core:which`; `which` in 3.5. */
  which: {
    recipes: [{}, { command: 'string' }],
    result: schema<string[] | string[][]>({ type: 'array' }),
    idempotent: true,
  },
  /** `core:ps`; `ps` in 3.5. */
  ps: {
    recipes: [{}],
    result: object({ Processes: array(object({ ID: 'int', PID: 'int', Type: 'string' })) }),
    idempotent: true,
  },
  /** `core:kill`; `kill` in 3.5. */
  kill: {
    recipes: [{}],
    result: literal('OK'),
  },
  /** `core:log_level`; `log_level` in 3.5. */
  log_level: {
    recipes: [{}, { level: 'int' }, { level: 'int', pid: 'int' }],
    result: schema<
      | { Processes: { PID: number; 'Log level': number; Type: string }[] }
      | { 'New global log level': number }
      | { 'Log level': number }
    >({ type: 'object' }),
    idempotent: true,
  },
  /** `core:xlog_level`; `xlog_level` in 3.5. */
  xlog_level: {
    recipes: [{}, { level: 'int' }],
  },
  /** `core:profiling_proc`. Since 4.0. */
  profiling_proc: {
    recipes: [
      {},
      { id: 'int' },
      { pid: 'int' },
      { level: 'int' },
      { id: 'int', level: 'int' },
      { pid: 'int', level: 'int' },
    ],
  },
  /** `core:log_level_filter`; `log_level_filter` in 3.5. */
  log_level_filter: {
    recipes: [{ consumer: 'string' }, { consumer: 'string', level_filter: 'int' }],
  },
  /** `core:log_mute_state`; `log_mute_state` in 3.5. */
  log_mute_state: {
    recipes: [{ consumer: 'string' }, { consumer: 'string', mute_state: 'int' }],
  },
  /** `core:reload_routes`; `reload_routes` in 3.5. */
  reload_routes: {
    recipes: [{}],
  },
  /** `core:help`; `help` in 3.5. */
  help: {
    recipes: [{}, { mi_cmd: 'string' }],
    result: schema<string | { Help: string; 'Exported by': string }>({ type: ['string', 'object'] }),
    idempotent: true,
  },
})
