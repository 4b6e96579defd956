// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `mem`; from `core` in 3.5. */
export const mem = defineModule('mem', {
  /** `mem:shm_check`; `shm_check` in 3.5. */
  shm_check: {
    aliases: ['mem_shm_check'],
    level: 'admin',
    recipes: [{}],
  },
  /** `mem:pkg_dump`; `mem_pkg_dump` in 3.5. */
  pkg_dump: {
    aliases: ['mem_pkg_dump'],
    level: 'admin',
    recipes: [{ pid: 'int' }, { pid: 'int', log_level: 'int' }],
  },
  /** `mem:shm_dump`; `mem_shm_dump` in 3.5. */
  shm_dump: {
    aliases: ['mem_shm_dump'],
    level: 'admin',
    recipes: [{}, { log_level: 'int' }],
  },
  /** `mem:rpm_dump`; `mem_rpm_dump` in 3.5. */
  rpm_dump: {
    aliases: ['mem_rpm_dump'],
    level: 'admin',
    recipes: [{}, { log_level: 'int' }],
  },
})
