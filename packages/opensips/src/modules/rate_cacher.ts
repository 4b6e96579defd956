// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `rate_cacher`. */
export const rate_cacher = defineModule('rate_cacher', {
  /** `rate_cacher:addVendor`; `rc_addVendor` in 3.5. */
  addVendor: {
    aliases: ['rc_addVendor'],
    level: 'change',
    recipes: [{ name: 'string' }],
  },
  /** `rate_cacher:deleteVendor`; `rc_deleteVendor` in 3.5. */
  deleteVendor: {
    aliases: ['rc_deleteVendor'],
    level: 'change',
    recipes: [{ name: 'string' }],
  },
  /** `rate_cacher:getVendorPrice`; `rc_getVendorPrice` in 3.5. */
  getVendorPrice: {
    aliases: ['rc_getVendorPrice'],
    level: 'read',
    recipes: [
      { name: 'string', number: 'string' },
      // since 4.0
      { name: 'string', number: 'string', slot: 'int' },
    ],
  },
  /** `rate_cacher:reloadVendorRate`; `rc_reloadVendorRate` in 3.5. */
  reloadVendorRate: {
    aliases: ['rc_reloadVendorRate'],
    level: 'change',
    recipes: [
      { name: 'string', rateid: 'int' },
      // since 4.0
      { name: 'string', rateid: 'int', slot: 'int' },
    ],
  },
  /** `rate_cacher:deleteVendorRate`; `rc_deleteVendorRate` in 3.5. */
  deleteVendorRate: {
    aliases: ['rc_deleteVendorRate'],
    level: 'change',
    recipes: [
      { name: 'string' },
      // since 4.0
      { name: 'string', slot: 'int' },
    ],
  },
  /** `rate_cacher:addClient`; `rc_addClient` in 3.5. */
  addClient: {
    aliases: ['rc_addClient'],
    level: 'change',
    recipes: [{ name: 'string' }],
  },
  /** `rate_cacher:deleteClient`; `rc_deleteClient` in 3.5. */
  deleteClient: {
    aliases: ['rc_deleteClient'],
    level: 'change',
    recipes: [{ name: 'string' }],
  },
  /** `rate_cacher:getClientPrice`; `rc_getClientPrice` in 3.5. */
  getClientPrice: {
    aliases: ['rc_getClientPrice'],
    level: 'read',
    recipes: [{ name: 'string', wholesale: 'int', number: 'string' }],
  },
  /** `rate_cacher:reloadClientRate`; `rc_reloadClientRate` in 3.5. */
  reloadClientRate: {
    aliases: ['rc_reloadClientRate'],
    level: 'change',
    recipes: [{ name: 'string', wholesale: 'int', rateid: 'int' }],
  },
  /** `rate_cacher:deleteClientRate`; `rc_deleteClientRate` in 3.5. */
  deleteClientRate: {
    aliases: ['rc_deleteClientRate'],
    level: 'change',
    recipes: [{ name: 'string', wholesale: 'int' }],
  },
})
