// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `permissions`. */
export const permissions = defineModule('permissions', {
  /** `permissions:address_reload`; `address_reload` in 3.5. */
  address_reload: {
    level: 'change',
    recipes: [{}, { partition: 'string' }],
  },
  /** `permissions:address_dump`; `address_dump` in 3.5. */
  address_dump: {
    level: 'change',
    recipes: [{}, { partition: 'string' }],
  },
  /** `permissions:subnet_dump`; `subnet_dump` in 3.5. */
  subnet_dump: {
    level: 'read',
    recipes: [{}, { partition: 'string' }],
  },
  /** `permissions:allow_uri`; `allow_uri` in 3.5. */
  allow_uri: {
    level: 'read',
    recipes: [{ basename: 'string', uri: 'string', contact: 'string' }],
  },
})
