import { readFileSync } from 'node:fs'
import { moduleInfo } from '@mi/contract'
import { expect, test } from 'vitest'
import * as opensips from '../src/index.js'
import { allModules } from './support/contracts.js'

test('the package exports the contracts of these modules and nothing else', () => {
  expect(Object.keys(opensips).join(' ')).toBe(
    'aaa_diameter auth_aka b2b_entities b2b_logic b2b_sca benchmark bins blacklists cache cachedb_local cachedb_redis ' +
      'call_center callops carrierroute cfgutils clusterer config core cpl_c db_berkeley db_flatstore db_text ' +
      'db_virtual dialog dialplan dispatcher domain drouting event_flatstore evi fraud_detection ' +
      'freeswitch_scripting gflags httpd imc load_balancer lua media_exchange mem mqueue msrp msrp_gateway msrp_ua ' +
      'nathelper permissions pi_http pike presence presence_callinfo presence_dfks pua_mi qrouting rate_cacher ' +
      'ratelimit regex rls rtp_relay rtpengine rtpproxy sipcapture sockets_mgm sql_cacher statistics status_report ' +
      'stir_shaken tcp tcp_mgm tls tls_mgm tm tracer trie uac_registrant userblacklist usrloc ws wss xcap_client',
  )
  expect(Object.keys(opensips)).toEqual(allModules.map((module) => module[moduleInfo].name))
})

test.each(Object.keys(opensips))(
  'the file of %s exports its contract alone and loads no other module',
  async (name) => {
    expect({ ...(await import(`../src/modules/${name}.ts`)) }).toEqual({ [name]: Reflect.get(opensips, name) })
    const source = readFileSync(new URL(`../src/modules/${name}.ts`, import.meta.url), 'utf8')
    expect(source.match(/\bfrom '\.\/.*'/g)).toBeNull()
  },
)
