// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `pua_mi`. */
export const pua_mi = defineModule('pua_mi', {
  /** `pua_mi:publish`; `pua_publish` in 3.5. Answers later. */
  publish: {
    aliases: ['pua_publish'],
    level: 'change',
    recipes: [
      { presentity_uri: 'string', expires: 'int', event_package: 'string' },
      { presentity_uri: 'string', expires: 'int', event_package: 'string', etag: 'string' },
      { presentity_uri: 'string', expires: 'int', event_package: 'string', extra_headers: 'string' },
      { presentity_uri: 'string', expires: 'int', event_package: 'string', content_type: 'string', body: 'string' },
      { presentity_uri: 'string', expires: 'int', event_package: 'string', etag: 'string', extra_headers: 'string' },
      {
        presentity_uri: 'string',
        expires: 'int',
        event_package: 'string',
        etag: 'string',
        content_type: 'string',
        body: 'string',
      },
      {
        presentity_uri: 'string',
        expires: 'int',
        event_package: 'string',
        extra_headers: 'string',
        content_type: 'string',
        body: 'string',
      },
      {
        presentity_uri: 'string',
        expires: 'int',
        event_package: 'string',
        etag: 'string',
        extra_headers: 'string',
        content_type: 'string',
        body: 'string',
      },
    ],
    async: true,
  },
  /** `pua_mi:subscribe`; `pua_subscribe` in 3.5. */
  subscribe: {
    aliases: ['pua_subscribe'],
    level: 'change',
    recipes: [{ presentity_uri: 'string', watcher_uri: 'string', event_package: 'string', expires: 'int' }],
  },
})
