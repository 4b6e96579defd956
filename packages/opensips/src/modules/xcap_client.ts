// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `xcap_client`. */
export const xcap_client = defineModule('xcap_client', {
  /** `xcap_client:refreshXcapDoc`; `refreshXcapDoc` in 3.5. */
  refreshXcapDoc: {
    level: 'change',
    recipes: [{ doc_uri: 'string', port: 'int' }],
  },
})
