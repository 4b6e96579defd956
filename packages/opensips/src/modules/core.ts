// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { coreContract, defineModule, schema } from '@mi/contract'
import { withResults } from '../with-results.js'

/** The commands of `core`. */
export const core = defineModule(
  'core',
  withResults(coreContract, {
    /** `core:uptime`; `uptime` in 3.5. */
    uptime: {
      level: 'read',
      recipes: [{}],
    },
    /** `core:version`; `version` in 3.5. */
    version: {
      level: 'read',
      recipes: [{}, { revision: schema<unknown>({}) }],
    },
    /** `core:pwd`; `pwd` in 3.5. */
    pwd: {
      level: 'read',
      recipes: [{}],
    },
    /** `core:arg`; `arg` in 3.5. */
    arg: {
      level: 'read',
      recipes: [{}],
    },
    /** `core:which`; `which` in 3.5. */
    which: {
      level: 'read',
      recipes: [{}, { command: 'string' }],
    },
    /** `core:ps`; `ps` in 3.5. */
    ps: {
      level: 'read',
      recipes: [{}],
    },
    /** `core:kill`; `kill` in 3.5. */
    kill: {
      level: 'admin',
      recipes: [{}],
    },
    /** `core:log_level`; `log_level` in 3.5. */
    log_level: {
      level: 'admin',
      recipes: [{}, { level: 'int' }, { level: 'int', pid: 'int' }],
    },
    /** `core:xlog_level`; `xlog_level` in 3.5. */
    xlog_level: {
      level: 'admin',
      recipes: [{}, { level: 'int' }],
    },
    /** `core:profiling_proc`. Since 4.0. */
    profiling_proc: {
      level: 'admin',
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
      level: 'admin',
      recipes: [{ consumer: 'string' }, { consumer: 'string', level_filter: 'int' }],
    },
    /** `core:log_mute_state`; `log_mute_state` in 3.5. */
    log_mute_state: {
      level: 'admin',
      recipes: [{ consumer: 'string' }, { consumer: 'string', mute_state: 'int' }],
    },
    /** `core:reload_routes`; `reload_routes` in 3.5. */
    reload_routes: {
      level: 'admin',
      recipes: [{}],
    },
    /** `core:help`; `help` in 3.5. */
    help: {
      level: 'read',
      recipes: [{}, { mi_cmd: 'string' }],
    },
  }),
)
