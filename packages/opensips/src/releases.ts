// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import type { CommandReleases, Release } from './release.js'

export type { CommandRelease, CommandReleases, Release } from './release.js'

/** The servers whose commands these are, by release. */
export const versions: Readonly<Record<Release, string>> = {
  '3.5': '3.5.6',
  '4.0': '4.0.1',
}

/** What each release has of each command, by the command's canonical name: `releases[dialog.list.method]`. */
export const releases: Readonly<Record<string, CommandReleases>> = {
  'aaa_diameter:fd_log_level': {
    '3.5': { module: 'aaa_diameter', names: ['fd_log_level'] },
    '4.0': { module: 'aaa_diameter', names: ['aaa_diameter:fd_log_level'] },
  },
  'auth_aka:av_add': {
    '3.5': { module: 'auth_aka', names: ['aka_av_add'] },
    '4.0': { module: 'auth_aka', names: ['auth_aka:av_add', 'aka_av_add'] },
  },
  'auth_aka:av_drop': {
    '3.5': { module: 'auth_aka', names: ['aka_av_drop'] },
    '4.0': { module: 'auth_aka', names: ['auth_aka:av_drop', 'aka_av_drop'] },
  },
  'auth_aka:av_drop_all': {
    '3.5': { module: 'auth_aka', names: ['aka_av_drop_all'] },
    '4.0': { module: 'auth_aka', names: ['auth_aka:av_drop_all', 'aka_av_drop_all'] },
  },
  'auth_aka:av_fail': {
    '3.5': { module: 'auth_aka', names: ['aka_av_fail'] },
    '4.0': { module: 'auth_aka', names: ['auth_aka:av_fail', 'aka_av_fail'] },
  },
  'b2b_entities:list': {
    '3.5': { module: 'b2b_entities', names: ['b2be_list'] },
    '4.0': { module: 'b2b_entities', names: ['b2b_entities:list', 'b2be_list'] },
  },
  'b2b_entities:ua_session_client_start': {
    '3.5': { module: 'b2b_entities', names: ['ua_session_client_start'] },
    '4.0': { module: 'b2b_entities', names: ['b2b_entities:ua_session_client_start'] },
  },
  'b2b_entities:ua_session_update': {
    '3.5': { module: 'b2b_entities', names: ['ua_session_update'] },
    '4.0': { module: 'b2b_entities', names: ['b2b_entities:ua_session_update'] },
  },
  'b2b_entities:ua_session_reply': {
    '3.5': { module: 'b2b_entities', names: ['ua_session_reply'] },
    '4.0': { module: 'b2b_entities', names: ['b2b_entities:ua_session_reply'] },
  },
  'b2b_entities:ua_session_terminate': {
    '3.5': { module: 'b2b_entities', names: ['ua_session_terminate'] },
    '4.0': { module: 'b2b_entities', names: ['b2b_entities:ua_session_terminate'] },
  },
  'b2b_entities:ua_session_list': {
    '3.5': { module: 'b2b_entities', names: ['ua_session_list'] },
    '4.0': { module: 'b2b_entities', names: ['b2b_entities:ua_session_list'] },
  },
  'b2b_logic:trigger_scenario': {
    '3.5': { module: 'b2b_logic', names: ['b2b_trigger_scenario'] },
    '4.0': { module: 'b2b_logic', names: ['b2b_logic:trigger_scenario', 'b2b_trigger_scenario'] },
  },
  'b2b_logic:bridge': {
    '3.5': { module: 'b2b_logic', names: ['b2b_bridge'] },
    '4.0': { module: 'b2b_logic', names: ['b2b_logic:bridge', 'b2b_bridge'] },
  },
  'b2b_logic:list': {
    '3.5': { module: 'b2b_logic', names: ['b2b_list'] },
    '4.0': { module: 'b2b_logic', names: ['b2b_logic:list', 'b2b_list'] },
  },
  'b2b_logic:terminate_call': {
    '3.5': { module: 'b2b_logic', names: ['b2b_terminate_call'] },
    '4.0': { module: 'b2b_logic', names: ['b2b_logic:terminate_call', 'b2b_terminate_call'] },
  },
  'b2b_sca:list': {
    '3.5': { module: 'b2b_sca', names: ['sca_list'] },
    '4.0': { module: 'b2b_sca', names: ['b2b_sca:list', 'sca_list'] },
  },
  'benchmark:enable_global': {
    '3.5': { module: 'benchmark', names: ['bm_enable_global'] },
    '4.0': { module: 'benchmark', names: ['benchmark:enable_global', 'bm_enable_global'] },
  },
  'benchmark:enable_timer': {
    '3.5': { module: 'benchmark', names: ['bm_enable_timer'] },
    '4.0': { module: 'benchmark', names: ['benchmark:enable_timer', 'bm_enable_timer'] },
  },
  'benchmark:granularity': {
    '3.5': { module: 'benchmark', names: ['bm_granularity'] },
    '4.0': { module: 'benchmark', names: ['benchmark:granularity', 'bm_granularity'] },
  },
  'benchmark:loglevel': {
    '3.5': { module: 'benchmark', names: ['bm_loglevel'] },
    '4.0': { module: 'benchmark', names: ['benchmark:loglevel', 'bm_loglevel'] },
  },
  'benchmark:poll_results': {
    '3.5': { module: 'benchmark', names: ['bm_poll_results'] },
    '4.0': { module: 'benchmark', names: ['benchmark:poll_results', 'bm_poll_results'] },
  },
  'bins:trace': {
    '3.5': { module: 'proto_bins', names: ['tls_trace'] },
    '4.0': { module: 'bins', names: ['bins:trace', 'tls_trace'] },
  },
  'blacklists:list': {
    '3.5': { module: 'blacklists', names: ['list_blacklists'] },
    '4.0': { module: 'blacklists', names: ['blacklists:list', 'list_blacklists'] },
  },
  'blacklists:check_all': {
    '3.5': { module: 'blacklists', names: ['check_blacklists'] },
    '4.0': { module: 'blacklists', names: ['blacklists:check_all', 'check_blacklists'] },
  },
  'blacklists:check': {
    '3.5': { module: 'blacklists', names: ['check_blacklist'] },
    '4.0': { module: 'blacklists', names: ['blacklists:check', 'check_blacklist'] },
  },
  'blacklists:add_rule': {
    '3.5': { module: 'blacklists', names: ['add_blacklist_rule'] },
    '4.0': { module: 'blacklists', names: ['blacklists:add_rule', 'add_blacklist_rule'] },
  },
  'blacklists:del_rule': {
    '3.5': { module: 'blacklists', names: ['del_blacklist_rule'] },
    '4.0': { module: 'blacklists', names: ['blacklists:del_rule', 'del_blacklist_rule'] },
  },
  'cache:store': {
    '3.5': { module: 'core', names: ['cache_store'] },
    '4.0': { module: 'cache', names: ['cache:store', 'cache_store'] },
  },
  'cache:fetch': {
    '3.5': { module: 'core', names: ['cache_fetch'] },
    '4.0': { module: 'cache', names: ['cache:fetch', 'cache_fetch'] },
  },
  'cache:remove': {
    '3.5': { module: 'core', names: ['cache_remove'] },
    '4.0': { module: 'cache', names: ['cache:remove', 'cache_remove'] },
  },
  'cachedb_local:remove_chunk': {
    '3.5': { module: 'cachedb_local', names: ['cache_remove_chunk'] },
    '4.0': { module: 'cachedb_local', names: ['cachedb_local:remove_chunk', 'cache_remove_chunk'] },
  },
  'cachedb_local:fetch_chunk': {
    '3.5': { module: 'cachedb_local', names: ['cache_fetch_chunk'] },
    '4.0': { module: 'cachedb_local', names: ['cachedb_local:fetch_chunk', 'cache_fetch_chunk'] },
  },
  'cachedb_redis:redis_cluster_info': {
    '4.0': { module: 'cachedb_redis', names: ['cachedb_redis:redis_cluster_info'] },
  },
  'cachedb_redis:redis_cluster_refresh': {
    '4.0': { module: 'cachedb_redis', names: ['cachedb_redis:redis_cluster_refresh'] },
  },
  'cachedb_redis:redis_ping_nodes': {
    '4.0': { module: 'cachedb_redis', names: ['cachedb_redis:redis_ping_nodes'] },
  },
  'call_center:reload': {
    '3.5': { module: 'call_center', names: ['cc_reload'] },
    '4.0': { module: 'call_center', names: ['call_center:reload', 'cc_reload'] },
  },
  'call_center:agent_login': {
    '3.5': { module: 'call_center', names: ['cc_agent_login'] },
    '4.0': { module: 'call_center', names: ['call_center:agent_login', 'cc_agent_login'] },
  },
  'call_center:list_queue': {
    '3.5': { module: 'call_center', names: ['cc_list_queue'] },
    '4.0': { module: 'call_center', names: ['call_center:list_queue', 'cc_list_queue'] },
  },
  'call_center:list_flows': {
    '3.5': { module: 'call_center', names: ['cc_list_flows'] },
    '4.0': { module: 'call_center', names: ['call_center:list_flows', 'cc_list_flows'] },
  },
  'call_center:list_agents': {
    '3.5': { module: 'call_center', names: ['cc_list_agents'] },
    '4.0': { module: 'call_center', names: ['call_center:list_agents', 'cc_list_agents'] },
  },
  'call_center:list_calls': {
    '3.5': { module: 'call_center', names: ['cc_list_calls'] },
    '4.0': { module: 'call_center', names: ['call_center:list_calls', 'cc_list_calls'] },
  },
  'call_center:reset_stats': {
    '3.5': { module: 'call_center', names: ['cc_reset_stats'] },
    '4.0': { module: 'call_center', names: ['call_center:reset_stats', 'cc_reset_stats'] },
  },
  'call_center:dispatch_call_to_agent': {
    '3.5': { module: 'call_center', names: ['cc_dispatch_call_to_agent'] },
    '4.0': { module: 'call_center', names: ['call_center:dispatch_call_to_agent', 'cc_dispatch_call_to_agent'] },
  },
  'call_center:internal_call_dispatching': {
    '3.5': { module: 'call_center', names: ['cc_internal_call_dispatching'] },
    '4.0': { module: 'call_center', names: ['call_center:internal_call_dispatching', 'cc_internal_call_dispatching'] },
  },
  'callops:transfer': {
    '3.5': { module: 'callops', names: ['call_transfer'] },
    '4.0': { module: 'callops', names: ['callops:transfer', 'call_transfer'] },
  },
  'callops:hold': {
    '3.5': { module: 'callops', names: ['call_hold'], recipes: [0] },
    '4.0': { module: 'callops', names: ['callops:hold', 'call_hold'] },
  },
  'callops:unhold': {
    '3.5': { module: 'callops', names: ['call_unhold'], recipes: [0] },
    '4.0': { module: 'callops', names: ['callops:unhold', 'call_unhold'] },
  },
  'carrierroute:reload_routes': {
    '3.5': { module: 'carrierroute', names: ['cr_reload_routes'] },
    '4.0': { module: 'carrierroute', names: ['carrierroute:reload_routes', 'cr_reload_routes'] },
  },
  'carrierroute:dump_routes': {
    '3.5': { module: 'carrierroute', names: ['cr_dump_routes'] },
    '4.0': { module: 'carrierroute', names: ['carrierroute:dump_routes', 'cr_dump_routes'] },
  },
  'carrierroute:replace_host': {
    '3.5': { module: 'carrierroute', names: ['cr_replace_host'] },
    '4.0': { module: 'carrierroute', names: ['carrierroute:replace_host', 'cr_replace_host'] },
  },
  'carrierroute:deactivate_host': {
    '3.5': { module: 'carrierroute', names: ['cr_deactivate_host'] },
    '4.0': { module: 'carrierroute', names: ['carrierroute:deactivate_host', 'cr_deactivate_host'] },
  },
  'carrierroute:activate_host': {
    '3.5': { module: 'carrierroute', names: ['cr_activate_host'] },
    '4.0': { module: 'carrierroute', names: ['carrierroute:activate_host', 'cr_activate_host'] },
  },
  'carrierroute:add_host': {
    '3.5': { module: 'carrierroute', names: ['cr_add_host'] },
    '4.0': { module: 'carrierroute', names: ['carrierroute:add_host', 'cr_add_host'] },
  },
  'carrierroute:delete_host': {
    '3.5': { module: 'carrierroute', names: ['cr_delete_host'] },
    '4.0': { module: 'carrierroute', names: ['carrierroute:delete_host', 'cr_delete_host'] },
  },
  'cfgutils:rand_set_prob': {
    '3.5': { module: 'cfgutils', names: ['rand_set_prob'] },
    '4.0': { module: 'cfgutils', names: ['cfgutils:rand_set_prob'] },
  },
  'cfgutils:rand_reset_prob': {
    '3.5': { module: 'cfgutils', names: ['rand_reset_prob'] },
    '4.0': { module: 'cfgutils', names: ['cfgutils:rand_reset_prob'] },
  },
  'cfgutils:rand_get_prob': {
    '3.5': { module: 'cfgutils', names: ['rand_get_prob'] },
    '4.0': { module: 'cfgutils', names: ['cfgutils:rand_get_prob'] },
  },
  'cfgutils:get_config_hash': {
    '3.5': { module: 'cfgutils', names: ['get_config_hash'] },
    '4.0': { module: 'cfgutils', names: ['cfgutils:get_config_hash'] },
  },
  'cfgutils:check_config_hash': {
    '3.5': { module: 'cfgutils', names: ['check_config_hash'] },
    '4.0': { module: 'cfgutils', names: ['cfgutils:check_config_hash'] },
  },
  'cfgutils:shv_get': {
    '3.5': { module: 'cfgutils', names: ['shv_get'] },
    '4.0': { module: 'cfgutils', names: ['cfgutils:shv_get'] },
  },
  'cfgutils:shv_set': {
    '3.5': { module: 'cfgutils', names: ['shv_set'] },
    '4.0': { module: 'cfgutils', names: ['cfgutils:shv_set'] },
  },
  'clusterer:reload': {
    '3.5': { module: 'clusterer', names: ['clusterer_reload'] },
    '4.0': { module: 'clusterer', names: ['clusterer:reload', 'clusterer_reload'] },
  },
  'clusterer:set_status': {
    '3.5': { module: 'clusterer', names: ['clusterer_set_status'] },
    '4.0': { module: 'clusterer', names: ['clusterer:set_status', 'clusterer_set_status'] },
  },
  'clusterer:list': {
    '3.5': { module: 'clusterer', names: ['clusterer_list'] },
    '4.0': { module: 'clusterer', names: ['clusterer:list', 'clusterer_list'] },
  },
  'clusterer:list_topology': {
    '3.5': { module: 'clusterer', names: ['clusterer_list_topology'] },
    '4.0': { module: 'clusterer', names: ['clusterer:list_topology', 'clusterer_list_topology'] },
  },
  'clusterer:send_mi': {
    '3.5': { module: 'clusterer', names: ['cluster_send_mi'] },
    '4.0': { module: 'clusterer', names: ['clusterer:send_mi', 'cluster_send_mi'] },
  },
  'clusterer:broadcast_mi': {
    '3.5': { module: 'clusterer', names: ['cluster_broadcast_mi'] },
    '4.0': { module: 'clusterer', names: ['clusterer:broadcast_mi', 'cluster_broadcast_mi'] },
  },
  'clusterer:list_cap': {
    '3.5': { module: 'clusterer', names: ['clusterer_list_cap'] },
    '4.0': { module: 'clusterer', names: ['clusterer:list_cap', 'clusterer_list_cap'] },
  },
  'clusterer:set_cap_status': {
    '3.5': { module: 'clusterer', names: ['clusterer_set_cap_status'] },
    '4.0': { module: 'clusterer', names: ['clusterer:set_cap_status', 'clusterer_set_cap_status'] },
  },
  'clusterer:list_shtags': {
    '3.5': { module: 'clusterer', names: ['clusterer_list_shtags'] },
    '4.0': { module: 'clusterer', names: ['clusterer:list_shtags', 'clusterer_list_shtags'] },
  },
  'clusterer:shtag_set_active': {
    '3.5': { module: 'clusterer', names: ['clusterer_shtag_set_active'] },
    '4.0': { module: 'clusterer', names: ['clusterer:shtag_set_active', 'clusterer_shtag_set_active'] },
  },
  'clusterer:remove_node': {
    '3.5': { module: 'clusterer', names: ['clusterer_remove_node'] },
    '4.0': { module: 'clusterer', names: ['clusterer:remove_node', 'clusterer_remove_node'] },
  },
  'config:reload': {
    '4.0': { module: 'config', names: ['config:reload', 'config_reload'] },
  },
  'config:list': {
    '4.0': { module: 'config', names: ['config:list', 'config_list'] },
  },
  'config:push': {
    '4.0': { module: 'config', names: ['config:push', 'config_push'] },
  },
  'config:push_bulk': {
    '4.0': { module: 'config', names: ['config:push_bulk', 'config_push_bulk'] },
  },
  'config:flush': {
    '4.0': { module: 'config', names: ['config:flush', 'config_flush'] },
  },
  'core:uptime': {
    '3.5': { module: 'core', names: ['uptime'] },
    '4.0': { module: 'core', names: ['core:uptime'] },
  },
  'core:version': {
    '3.5': { module: 'core', names: ['version'] },
    '4.0': { module: 'core', names: ['core:version'] },
  },
  'core:pwd': {
    '3.5': { module: 'core', names: ['pwd'] },
    '4.0': { module: 'core', names: ['core:pwd'] },
  },
  'core:arg': {
    '3.5': { module: 'core', names: ['arg'] },
    '4.0': { module: 'core', names: ['core:arg'] },
  },
  'core:which': {
    '3.5': { module: 'core', names: ['which'] },
    '4.0': { module: 'core', names: ['core:which'] },
  },
  'core:ps': {
    '3.5': { module: 'core', names: ['ps'] },
    '4.0': { module: 'core', names: ['core:ps'] },
  },
  'core:kill': {
    '3.5': { module: 'core', names: ['kill'] },
    '4.0': { module: 'core', names: ['core:kill'] },
  },
  'core:log_level': {
    '3.5': { module: 'core', names: ['log_level'] },
    '4.0': { module: 'core', names: ['core:log_level'] },
  },
  'core:xlog_level': {
    '3.5': { module: 'core', names: ['xlog_level'] },
    '4.0': { module: 'core', names: ['core:xlog_level'] },
  },
  'core:profiling_proc': {
    '4.0': { module: 'core', names: ['core:profiling_proc'] },
  },
  'core:log_level_filter': {
    '3.5': { module: 'core', names: ['log_level_filter'] },
    '4.0': { module: 'core', names: ['core:log_level_filter'] },
  },
  'core:log_mute_state': {
    '3.5': { module: 'core', names: ['log_mute_state'] },
    '4.0': { module: 'core', names: ['core:log_mute_state'] },
  },
  'core:reload_routes': {
    '3.5': { module: 'core', names: ['reload_routes'] },
    '4.0': { module: 'core', names: ['core:reload_routes'] },
  },
  'core:help': {
    '3.5': { module: 'core', names: ['help'] },
    '4.0': { module: 'core', names: ['core:help'] },
  },
  'cpl_c:load': {
    '3.5': { module: 'cpl_c', names: ['LOAD_CPL'] },
    '4.0': { module: 'cpl_c', names: ['cpl_c:load', 'LOAD_CPL'] },
  },
  'cpl_c:remove': {
    '3.5': { module: 'cpl_c', names: ['REMOVE_CPL'] },
    '4.0': { module: 'cpl_c', names: ['cpl_c:remove', 'REMOVE_CPL'] },
  },
  'cpl_c:get': {
    '3.5': { module: 'cpl_c', names: ['GET_CPL'] },
    '4.0': { module: 'cpl_c', names: ['cpl_c:get', 'GET_CPL'] },
  },
  'db_berkeley:reload': {
    '3.5': { module: 'db_berkeley', names: ['bdb_reload'] },
    '4.0': { module: 'db_berkeley', names: ['db_berkeley:reload'] },
  },
  'db_flatstore:rotate': {
    '3.5': { module: 'db_flatstore', names: ['flat_rotate'] },
    '4.0': { module: 'db_flatstore', names: ['db_flatstore:rotate'] },
  },
  'db_text:dump': {
    '3.5': { module: 'db_text', names: ['dbt_dump'] },
    '4.0': { module: 'db_text', names: ['db_text:dump', 'dbt_dump'] },
  },
  'db_text:reload': {
    '3.5': { module: 'db_text', names: ['dbt_reload'] },
    '4.0': { module: 'db_text', names: ['db_text:reload', 'dbt_reload'] },
  },
  'db_virtual:get': {
    '3.5': { module: 'db_virtual', names: ['db_get'] },
    '4.0': { module: 'db_virtual', names: ['db_virtual:get', 'db_get'] },
  },
  'db_virtual:set': {
    '3.5': { module: 'db_virtual', names: ['db_set'] },
    '4.0': { module: 'db_virtual', names: ['db_virtual:set', 'db_set'] },
  },
  'dialog:list': {
    '3.5': { module: 'dialog', names: ['dlg_list'] },
    '4.0': { module: 'dialog', names: ['dialog:list', 'dlg_list'] },
  },
  'dialog:list_ctx': {
    '3.5': { module: 'dialog', names: ['dlg_list_ctx'] },
    '4.0': { module: 'dialog', names: ['dialog:list_ctx', 'dlg_list_ctx'] },
  },
  'dialog:end_dlg': {
    '3.5': { module: 'dialog', names: ['dlg_end_dlg'] },
    '4.0': { module: 'dialog', names: ['dialog:end_dlg', 'dlg_end_dlg'] },
  },
  'dialog:db_sync': {
    '3.5': { module: 'dialog', names: ['dlg_db_sync'] },
    '4.0': { module: 'dialog', names: ['dialog:db_sync', 'dlg_db_sync'] },
  },
  'dialog:restore_db': {
    '3.5': { module: 'dialog', names: ['dlg_restore_db'] },
    '4.0': { module: 'dialog', names: ['dialog:restore_db', 'dlg_restore_db'] },
  },
  'dialog:cluster_sync': {
    '3.5': { module: 'dialog', names: ['dlg_cluster_sync'] },
    '4.0': { module: 'dialog', names: ['dialog:cluster_sync', 'dlg_cluster_sync'] },
  },
  'dialog:profile_get_size': {
    '3.5': { module: 'dialog', names: ['profile_get_size'] },
    '4.0': { module: 'dialog', names: ['dialog:profile_get_size'] },
  },
  'dialog:profile_list_dlgs': {
    '3.5': { module: 'dialog', names: ['profile_list_dlgs'] },
    '4.0': { module: 'dialog', names: ['dialog:profile_list_dlgs'] },
  },
  'dialog:profile_get_values': {
    '3.5': { module: 'dialog', names: ['profile_get_values'] },
    '4.0': { module: 'dialog', names: ['dialog:profile_get_values'] },
  },
  'dialog:list_all_profiles': {
    '3.5': { module: 'dialog', names: ['list_all_profiles'] },
    '4.0': { module: 'dialog', names: ['dialog:list_all_profiles'] },
  },
  'dialog:profile_end_dlgs': {
    '3.5': { module: 'dialog', names: ['profile_end_dlgs'] },
    '4.0': { module: 'dialog', names: ['dialog:profile_end_dlgs'] },
  },
  'dialog:push_var': {
    '3.5': { module: 'dialog', names: ['dlg_push_var'] },
    '4.0': { module: 'dialog', names: ['dialog:push_var', 'dlg_push_var'] },
  },
  'dialog:send_sequential': {
    '3.5': { module: 'dialog', names: ['dlg_send_sequential'] },
    '4.0': { module: 'dialog', names: ['dialog:send_sequential', 'dlg_send_sequential'] },
  },
  'dialog:set_profile': {
    '4.0': { module: 'dialog', names: ['dialog:set_profile', 'dlg_set_profile'] },
  },
  'dialog:unset_profile': {
    '4.0': { module: 'dialog', names: ['dialog:unset_profile', 'dlg_unset_profile'] },
  },
  'dialplan:reload': {
    '3.5': { module: 'dialplan', names: ['dp_reload'] },
    '4.0': { module: 'dialplan', names: ['dialplan:reload', 'dp_reload'] },
  },
  'dialplan:translate': {
    '3.5': { module: 'dialplan', names: ['dp_translate'] },
    '4.0': { module: 'dialplan', names: ['dialplan:translate', 'dp_translate'] },
  },
  'dialplan:show_partition': {
    '3.5': { module: 'dialplan', names: ['dp_show_partition'] },
    '4.0': { module: 'dialplan', names: ['dialplan:show_partition', 'dp_show_partition'] },
  },
  'dispatcher:set_state': {
    '3.5': { module: 'dispatcher', names: ['ds_set_state'] },
    '4.0': { module: 'dispatcher', names: ['dispatcher:set_state', 'ds_set_state'] },
  },
  'dispatcher:list': {
    '3.5': { module: 'dispatcher', names: ['ds_list'] },
    '4.0': { module: 'dispatcher', names: ['dispatcher:list', 'ds_list'] },
  },
  'dispatcher:reload': {
    '3.5': { module: 'dispatcher', names: ['ds_reload'] },
    '4.0': { module: 'dispatcher', names: ['dispatcher:reload', 'ds_reload'] },
  },
  'dispatcher:push_script_attrs': {
    '3.5': { module: 'dispatcher', names: ['ds_push_script_attrs'] },
    '4.0': { module: 'dispatcher', names: ['dispatcher:push_script_attrs', 'ds_push_script_attrs'] },
  },
  'domain:reload': {
    '3.5': { module: 'domain', names: ['domain_reload'] },
    '4.0': { module: 'domain', names: ['domain:reload'] },
  },
  'domain:dump': {
    '3.5': { module: 'domain', names: ['domain_dump'] },
    '4.0': { module: 'domain', names: ['domain:dump'] },
  },
  'drouting:reload': {
    '3.5': { module: 'drouting', names: ['dr_reload'] },
    '4.0': { module: 'drouting', names: ['drouting:reload', 'dr_reload'] },
  },
  'drouting:gw_status': {
    '3.5': { module: 'drouting', names: ['dr_gw_status'] },
    '4.0': { module: 'drouting', names: ['drouting:gw_status', 'dr_gw_status'] },
  },
  'drouting:carrier_status': {
    '3.5': { module: 'drouting', names: ['dr_carrier_status'] },
    '4.0': { module: 'drouting', names: ['drouting:carrier_status', 'dr_carrier_status'] },
  },
  'drouting:number_routing': {
    '3.5': { module: 'drouting', names: ['dr_number_routing'] },
    '4.0': { module: 'drouting', names: ['drouting:number_routing', 'dr_number_routing'] },
  },
  'drouting:reload_status': {
    '3.5': { module: 'drouting', names: ['dr_reload_status'] },
    '4.0': { module: 'drouting', names: ['drouting:reload_status', 'dr_reload_status'] },
  },
  'drouting:enable_probing': {
    '3.5': { module: 'drouting', names: ['dr_enable_probing'] },
    '4.0': { module: 'drouting', names: ['drouting:enable_probing', 'dr_enable_probing'] },
  },
  'event_flatstore:rotate': {
    '3.5': { module: 'event_flatstore', names: ['evi_flat_rotate'] },
    '4.0': { module: 'event_flatstore', names: ['event_flatstore:rotate', 'evi_flat_rotate'] },
  },
  'evi:subscribe': {
    '3.5': { module: 'core', names: ['event_subscribe'] },
    '4.0': { module: 'evi', names: ['evi:subscribe', 'event_subscribe'] },
  },
  'evi:list': {
    '3.5': { module: 'core', names: ['events_list'] },
    '4.0': { module: 'evi', names: ['evi:list', 'events_list'] },
  },
  'evi:subscribers': {
    '3.5': { module: 'core', names: ['subscribers_list'] },
    '4.0': { module: 'evi', names: ['evi:subscribers', 'subscribers_list'] },
  },
  'evi:raise': {
    '3.5': { module: 'core', names: ['raise_event'] },
    '4.0': { module: 'evi', names: ['evi:raise', 'raise_event'] },
  },
  'fraud_detection:show_stats': {
    '3.5': { module: 'fraud_detection', names: ['show_fraud_stats'] },
    '4.0': { module: 'fraud_detection', names: ['fraud_detection:show_stats', 'show_fraud_stats'] },
  },
  'fraud_detection:reload': {
    '3.5': { module: 'fraud_detection', names: ['fraud_reload'] },
    '4.0': { module: 'fraud_detection', names: ['fraud_detection:reload', 'fraud_reload'] },
  },
  'freeswitch_scripting:subscribe': {
    '3.5': { module: 'freeswitch_scripting', names: ['fs_subscribe'] },
    '4.0': { module: 'freeswitch_scripting', names: ['freeswitch_scripting:subscribe', 'fs_subscribe'] },
  },
  'freeswitch_scripting:unsubscribe': {
    '3.5': { module: 'freeswitch_scripting', names: ['fs_unsubscribe'] },
    '4.0': { module: 'freeswitch_scripting', names: ['freeswitch_scripting:unsubscribe', 'fs_unsubscribe'] },
  },
  'freeswitch_scripting:list': {
    '3.5': { module: 'freeswitch_scripting', names: ['fs_list'] },
    '4.0': { module: 'freeswitch_scripting', names: ['freeswitch_scripting:list', 'fs_list'] },
  },
  'freeswitch_scripting:reload': {
    '3.5': { module: 'freeswitch_scripting', names: ['fs_reload'] },
    '4.0': { module: 'freeswitch_scripting', names: ['freeswitch_scripting:reload', 'fs_reload'] },
  },
  'gflags:set': {
    '3.5': { module: 'gflags', names: ['set_gflag'] },
    '4.0': { module: 'gflags', names: ['gflags:set', 'set_gflag', 'gflags:set_gflag'] },
  },
  'gflags:reset': {
    '3.5': { module: 'gflags', names: ['reset_gflag'] },
    '4.0': { module: 'gflags', names: ['gflags:reset', 'reset_gflag', 'gflags:reset_gflag'] },
  },
  'gflags:check': {
    '3.5': { module: 'gflags', names: ['is_gflag'] },
    '4.0': { module: 'gflags', names: ['gflags:check', 'is_gflag', 'gflags:is_gflag'] },
  },
  'gflags:get': {
    '3.5': { module: 'gflags', names: ['get_gflags'] },
    '4.0': { module: 'gflags', names: ['gflags:get', 'get_gflags', 'gflags:get_gflags'] },
  },
  'httpd:list_root_path': {
    '3.5': { module: 'httpd', names: ['httpd_list_root_path'] },
    '4.0': { module: 'httpd', names: ['httpd:list_root_path', 'httpd_list_root_path'] },
  },
  'imc:list_rooms': {
    '3.5': { module: 'imc', names: ['imc_list_rooms'] },
    '4.0': { module: 'imc', names: ['imc:list_rooms', 'imc_list_rooms'] },
  },
  'imc:list_members': {
    '3.5': { module: 'imc', names: ['imc_list_members'] },
    '4.0': { module: 'imc', names: ['imc:list_members', 'imc_list_members'] },
  },
  'load_balancer:reload': {
    '3.5': { module: 'load_balancer', names: ['lb_reload'] },
    '4.0': { module: 'load_balancer', names: ['load_balancer:reload', 'lb_reload'] },
  },
  'load_balancer:resize': {
    '3.5': { module: 'load_balancer', names: ['lb_resize'] },
    '4.0': { module: 'load_balancer', names: ['load_balancer:resize', 'lb_resize'] },
  },
  'load_balancer:list': {
    '3.5': { module: 'load_balancer', names: ['lb_list'] },
    '4.0': { module: 'load_balancer', names: ['load_balancer:list', 'lb_list'] },
  },
  'load_balancer:status': {
    '3.5': { module: 'load_balancer', names: ['lb_status'] },
    '4.0': { module: 'load_balancer', names: ['load_balancer:status', 'lb_status'] },
  },
  'lua:watch': {
    '3.5': { module: 'lua', names: ['watch'] },
    '4.0': { module: 'lua', names: ['lua:watch'] },
  },
  'media_exchange:fork_from_call_to_uri': {
    '3.5': { module: 'media_exchange', names: ['media_fork_from_call_to_uri'], recipes: [0, 1, 2, 3] },
    '4.0': { module: 'media_exchange', names: ['media_exchange:fork_from_call_to_uri', 'media_fork_from_call_to_uri'] },
  },
  'media_exchange:from_call_to_uri': {
    '3.5': { module: 'media_exchange', names: ['media_exchange_from_call_to_uri'] },
    '4.0': { module: 'media_exchange', names: ['media_exchange:from_call_to_uri', 'media_exchange_from_call_to_uri'] },
  },
  'media_exchange:from_call_to_uri_body': {
    '3.5': { module: 'media_exchange', names: ['media_exchange_from_call_to_uri_body'] },
    '4.0': {
      module: 'media_exchange',
      names: ['media_exchange:from_call_to_uri_body', 'media_exchange_from_call_to_uri_body'],
    },
  },
  'media_exchange:terminate': {
    '3.5': { module: 'media_exchange', names: ['media_terminate'], recipes: [0, 1, 2, 3] },
    '4.0': { module: 'media_exchange', names: ['media_exchange:terminate', 'media_terminate'] },
  },
  'mem:shm_check': {
    '3.5': { module: 'core', names: ['shm_check'] },
    '4.0': { module: 'mem', names: ['mem:shm_check', 'mem_shm_check'] },
  },
  'mem:pkg_dump': {
    '3.5': { module: 'core', names: ['mem_pkg_dump'] },
    '4.0': { module: 'mem', names: ['mem:pkg_dump', 'mem_pkg_dump'] },
  },
  'mem:shm_dump': {
    '3.5': { module: 'core', names: ['mem_shm_dump'] },
    '4.0': { module: 'mem', names: ['mem:shm_dump', 'mem_shm_dump'] },
  },
  'mem:rpm_dump': {
    '3.5': { module: 'core', names: ['mem_rpm_dump'] },
    '4.0': { module: 'mem', names: ['mem:rpm_dump', 'mem_rpm_dump'] },
  },
  'mqueue:get_sizes': {
    '3.5': { module: 'mqueue', names: ['mq_get_sizes'] },
    '4.0': { module: 'mqueue', names: ['mqueue:get_sizes', 'mq_get_sizes'] },
  },
  'mqueue:get_size': {
    '3.5': { module: 'mqueue', names: ['mq_get_size'] },
    '4.0': { module: 'mqueue', names: ['mqueue:get_size', 'mq_get_size'] },
  },
  'mqueue:fetch': {
    '3.5': { module: 'mqueue', names: ['mq_fetch'], recipes: [0] },
    '4.0': { module: 'mqueue', names: ['mqueue:fetch', 'mq_fetch'] },
  },
  'msrp:trace': {
    '3.5': { module: 'proto_msrp', names: ['msrp_trace'] },
    '4.0': { module: 'msrp', names: ['msrp:trace', 'msrp_trace'] },
  },
  'msrp_gateway:end_session': {
    '3.5': { module: 'msrp_gateway', names: ['msrp_gw_end_session'] },
    '4.0': { module: 'msrp_gateway', names: ['msrp_gateway:end_session', 'msrp_gw_end_session'] },
  },
  'msrp_gateway:list_sessions': {
    '3.5': { module: 'msrp_gateway', names: ['msrp_gw_list_sessions'] },
    '4.0': { module: 'msrp_gateway', names: ['msrp_gateway:list_sessions', 'msrp_gw_list_sessions'] },
  },
  'msrp_ua:send_message': {
    '3.5': { module: 'msrp_ua', names: ['msrp_ua_send_message'] },
    '4.0': { module: 'msrp_ua', names: ['msrp_ua:send_message', 'msrp_ua_send_message'] },
  },
  'msrp_ua:end_session': {
    '3.5': { module: 'msrp_ua', names: ['msrp_ua_end_session'] },
    '4.0': { module: 'msrp_ua', names: ['msrp_ua:end_session', 'msrp_ua_end_session'] },
  },
  'msrp_ua:list_sessions': {
    '3.5': { module: 'msrp_ua', names: ['msrp_ua_list_sessions'] },
    '4.0': { module: 'msrp_ua', names: ['msrp_ua:list_sessions', 'msrp_ua_list_sessions'] },
  },
  'msrp_ua:start_session': {
    '3.5': { module: 'msrp_ua', names: ['msrp_ua_start_session'] },
    '4.0': { module: 'msrp_ua', names: ['msrp_ua:start_session', 'msrp_ua_start_session'] },
  },
  'nathelper:enable_ping': {
    '3.5': { module: 'nathelper', names: ['nh_enable_ping'] },
    '4.0': { module: 'nathelper', names: ['nathelper:enable_ping'] },
  },
  'permissions:address_reload': {
    '3.5': { module: 'permissions', names: ['address_reload'] },
    '4.0': { module: 'permissions', names: ['permissions:address_reload'] },
  },
  'permissions:address_dump': {
    '3.5': { module: 'permissions', names: ['address_dump'] },
    '4.0': { module: 'permissions', names: ['permissions:address_dump'] },
  },
  'permissions:subnet_dump': {
    '3.5': { module: 'permissions', names: ['subnet_dump'] },
    '4.0': { module: 'permissions', names: ['permissions:subnet_dump'] },
  },
  'permissions:allow_uri': {
    '3.5': { module: 'permissions', names: ['allow_uri'] },
    '4.0': { module: 'permissions', names: ['permissions:allow_uri'] },
  },
  'pi_http:reload_tbls_and_cmds': {
    '3.5': { module: 'pi_http', names: ['pi_reload_tbls_and_cmds'] },
    '4.0': { module: 'pi_http', names: ['pi_http:reload_tbls_and_cmds', 'pi_reload_tbls_and_cmds'] },
  },
  'pike:list': {
    '3.5': { module: 'pike', names: ['pike_list'] },
    '4.0': { module: 'pike', names: ['pike:list'] },
  },
  'pike:rm': {
    '3.5': { module: 'pike', names: ['pike_rm'] },
    '4.0': { module: 'pike', names: ['pike:rm'] },
  },
  'presence:refresh_watchers': {
    '3.5': { module: 'presence', names: ['refresh_watchers', 'refreshWatchers'] },
    '4.0': { module: 'presence', names: ['presence:refresh_watchers'] },
  },
  'presence:cleanup': {
    '3.5': { module: 'presence', names: ['cleanup'] },
    '4.0': { module: 'presence', names: ['presence:cleanup'] },
  },
  'presence:expose': {
    '3.5': { module: 'presence', names: ['pres_expose'] },
    '4.0': { module: 'presence', names: ['presence:expose', 'pres_expose'] },
  },
  'presence:phtable_list': {
    '3.5': { module: 'presence', names: ['pres_phtable_list'] },
    '4.0': { module: 'presence', names: ['presence:phtable_list', 'pres_phtable_list'] },
  },
  'presence:subs_phtable_list': {
    '3.5': { module: 'presence', names: ['subs_phtable_list'] },
    '4.0': { module: 'presence', names: ['presence:subs_phtable_list'] },
  },
  'presence_callinfo:list_lines': {
    '4.0': { module: 'presence_callinfo', names: ['presence_callinfo:list_lines', 'sca_list_lines'] },
  },
  'presence_callinfo:release_line': {
    '4.0': { module: 'presence_callinfo', names: ['presence_callinfo:release_line', 'sca_release_line'] },
  },
  'presence_callinfo:set_log_level': {
    '4.0': { module: 'presence_callinfo', names: ['presence_callinfo:set_log_level', 'sca_set_log_level'] },
  },
  'presence_dfks:set_feature': {
    '3.5': { module: 'presence_dfks', names: ['dfks_set_feature'] },
    '4.0': { module: 'presence_dfks', names: ['presence_dfks:set_feature', 'dfks_set_feature'] },
  },
  'pua_mi:publish': {
    '3.5': { module: 'pua_mi', names: ['pua_publish'] },
    '4.0': { module: 'pua_mi', names: ['pua_mi:publish', 'pua_publish'] },
  },
  'pua_mi:subscribe': {
    '3.5': { module: 'pua_mi', names: ['pua_subscribe'] },
    '4.0': { module: 'pua_mi', names: ['pua_mi:subscribe', 'pua_subscribe'] },
  },
  'qrouting:status': {
    '3.5': { module: 'qrouting', names: ['qr_status'] },
    '4.0': { module: 'qrouting', names: ['qrouting:status', 'qr_status'] },
  },
  'qrouting:reload': {
    '3.5': { module: 'qrouting', names: ['qr_reload'] },
    '4.0': { module: 'qrouting', names: ['qrouting:reload', 'qr_reload'] },
  },
  'qrouting:disable_dst': {
    '3.5': { module: 'qrouting', names: ['qr_disable_dst'] },
    '4.0': { module: 'qrouting', names: ['qrouting:disable_dst', 'qr_disable_dst'] },
  },
  'qrouting:enable_dst': {
    '3.5': { module: 'qrouting', names: ['qr_enable_dst'] },
    '4.0': { module: 'qrouting', names: ['qrouting:enable_dst', 'qr_enable_dst'] },
  },
  'rate_cacher:addVendor': {
    '3.5': { module: 'rate_cacher', names: ['rc_addVendor'] },
    '4.0': { module: 'rate_cacher', names: ['rate_cacher:addVendor', 'rc_addVendor'] },
  },
  'rate_cacher:deleteVendor': {
    '3.5': { module: 'rate_cacher', names: ['rc_deleteVendor'] },
    '4.0': { module: 'rate_cacher', names: ['rate_cacher:deleteVendor', 'rc_deleteVendor'] },
  },
  'rate_cacher:getVendorPrice': {
    '3.5': { module: 'rate_cacher', names: ['rc_getVendorPrice'], recipes: [0] },
    '4.0': { module: 'rate_cacher', names: ['rate_cacher:getVendorPrice', 'rc_getVendorPrice'] },
  },
  'rate_cacher:reloadVendorRate': {
    '3.5': { module: 'rate_cacher', names: ['rc_reloadVendorRate'], recipes: [0] },
    '4.0': { module: 'rate_cacher', names: ['rate_cacher:reloadVendorRate', 'rc_reloadVendorRate'] },
  },
  'rate_cacher:deleteVendorRate': {
    '3.5': { module: 'rate_cacher', names: ['rc_deleteVendorRate'], recipes: [0] },
    '4.0': { module: 'rate_cacher', names: ['rate_cacher:deleteVendorRate', 'rc_deleteVendorRate'] },
  },
  'rate_cacher:addClient': {
    '3.5': { module: 'rate_cacher', names: ['rc_addClient'] },
    '4.0': { module: 'rate_cacher', names: ['rate_cacher:addClient', 'rc_addClient'] },
  },
  'rate_cacher:deleteClient': {
    '3.5': { module: 'rate_cacher', names: ['rc_deleteClient'] },
    '4.0': { module: 'rate_cacher', names: ['rate_cacher:deleteClient', 'rc_deleteClient'] },
  },
  'rate_cacher:getClientPrice': {
    '3.5': { module: 'rate_cacher', names: ['rc_getClientPrice'] },
    '4.0': { module: 'rate_cacher', names: ['rate_cacher:getClientPrice', 'rc_getClientPrice'] },
  },
  'rate_cacher:reloadClientRate': {
    '3.5': { module: 'rate_cacher', names: ['rc_reloadClientRate'] },
    '4.0': { module: 'rate_cacher', names: ['rate_cacher:reloadClientRate', 'rc_reloadClientRate'] },
  },
  'rate_cacher:deleteClientRate': {
    '3.5': { module: 'rate_cacher', names: ['rc_deleteClientRate'] },
    '4.0': { module: 'rate_cacher', names: ['rate_cacher:deleteClientRate', 'rc_deleteClientRate'] },
  },
  'ratelimit:list': {
    '3.5': { module: 'ratelimit', names: ['rl_list'] },
    '4.0': { module: 'ratelimit', names: ['ratelimit:list', 'rl_list'] },
  },
  'ratelimit:reset_pipe': {
    '3.5': { module: 'ratelimit', names: ['rl_reset_pipe'] },
    '4.0': { module: 'ratelimit', names: ['ratelimit:reset_pipe', 'rl_reset_pipe'] },
  },
  'ratelimit:set_pid': {
    '3.5': { module: 'ratelimit', names: ['rl_set_pid'] },
    '4.0': { module: 'ratelimit', names: ['ratelimit:set_pid', 'rl_set_pid'] },
  },
  'ratelimit:get_pid': {
    '3.5': { module: 'ratelimit', names: ['rl_get_pid'] },
    '4.0': { module: 'ratelimit', names: ['ratelimit:get_pid', 'rl_get_pid'] },
  },
  'ratelimit:dump_pipe': {
    '3.5': { module: 'ratelimit', names: ['rl_dump_pipe'] },
    '4.0': { module: 'ratelimit', names: ['ratelimit:dump_pipe', 'rl_dump_pipe'] },
  },
  'regex:reload': {
    '3.5': { module: 'regex', names: ['regex_reload'] },
    '4.0': { module: 'regex', names: ['regex:reload', 'regex_reload'] },
  },
  'regex:match': {
    '3.5': { module: 'regex', names: ['regex_match'] },
    '4.0': { module: 'regex', names: ['regex:match', 'regex_match'] },
  },
  'regex:match_group': {
    '3.5': { module: 'regex', names: ['regex_match_group'] },
    '4.0': { module: 'regex', names: ['regex:match_group', 'regex_match_group'] },
  },
  'rls:update_subscriptions': {
    '3.5': { module: 'rls', names: ['rls_update_subscriptions'] },
    '4.0': { module: 'rls', names: ['rls:update_subscriptions', 'rls_update_subscriptions'] },
  },
  'rtp_relay:list': {
    '3.5': { module: 'rtp_relay', names: ['rtp_relay_list'] },
    '4.0': { module: 'rtp_relay', names: ['rtp_relay:list', 'rtp_relay_list'] },
  },
  'rtp_relay:update': {
    '3.5': { module: 'rtp_relay', names: ['rtp_relay_update'] },
    '4.0': { module: 'rtp_relay', names: ['rtp_relay:update', 'rtp_relay_update'] },
  },
  'rtp_relay:update_callid': {
    '3.5': { module: 'rtp_relay', names: ['rtp_relay_update_callid'] },
    '4.0': { module: 'rtp_relay', names: ['rtp_relay:update_callid', 'rtp_relay_update_callid'] },
  },
  'rtpengine:enable': {
    '3.5': { module: 'rtpengine', names: ['rtpengine_enable'] },
    '4.0': { module: 'rtpengine', names: ['rtpengine:enable'] },
  },
  'rtpengine:show': {
    '3.5': { module: 'rtpengine', names: ['rtpengine_show'] },
    '4.0': { module: 'rtpengine', names: ['rtpengine:show'] },
  },
  'rtpengine:reload': {
    '3.5': { module: 'rtpengine', names: ['rtpengine_reload'] },
    '4.0': { module: 'rtpengine', names: ['rtpengine:reload'] },
  },
  'rtpengine:teardown': {
    '3.5': { module: 'rtpengine', names: ['teardown'] },
    '4.0': { module: 'rtpengine', names: ['rtpengine:teardown'] },
  },
  'rtpproxy:enable': {
    '3.5': { module: 'rtpproxy', names: ['rtpproxy_enable'] },
    '4.0': { module: 'rtpproxy', names: ['rtpproxy:enable'] },
  },
  'rtpproxy:show': {
    '3.5': { module: 'rtpproxy', names: ['rtpproxy_show'] },
    '4.0': { module: 'rtpproxy', names: ['rtpproxy:show'] },
  },
  'rtpproxy:reload': {
    '3.5': { module: 'rtpproxy', names: ['rtpproxy_reload'] },
    '4.0': { module: 'rtpproxy', names: ['rtpproxy:reload'] },
  },
  'sipcapture:capture': {
    '3.5': { module: 'sipcapture', names: ['sip_capture'] },
    '4.0': { module: 'sipcapture', names: ['sipcapture:capture', 'sip_capture'] },
  },
  'sockets_mgm:reload': {
    '4.0': { module: 'sockets_mgm', names: ['sockets_mgm:reload', 'sockets_reload'] },
  },
  'sockets_mgm:list': {
    '4.0': { module: 'sockets_mgm', names: ['sockets_mgm:list', 'sockets_list'] },
  },
  'sql_cacher:reload': {
    '3.5': { module: 'sql_cacher', names: ['sql_cacher_reload'] },
    '4.0': { module: 'sql_cacher', names: ['sql_cacher:reload', 'sql_cacher_reload'] },
  },
  'statistics:get': {
    '3.5': { module: 'statistics', names: ['get_statistics'] },
    '4.0': { module: 'statistics', names: ['statistics:get', 'get_statistics'] },
  },
  'statistics:list': {
    '3.5': { module: 'statistics', names: ['list_statistics'] },
    '4.0': { module: 'statistics', names: ['statistics:list', 'list_statistics'] },
  },
  'statistics:reset': {
    '3.5': { module: 'statistics', names: ['reset_statistics'] },
    '4.0': { module: 'statistics', names: ['statistics:reset', 'reset_statistics'] },
  },
  'statistics:reset_all': {
    '3.5': { module: 'statistics', names: ['reset_all_statistics'] },
    '4.0': { module: 'statistics', names: ['statistics:reset_all', 'reset_all_statistics'] },
  },
  'status_report:get': {
    '3.5': { module: 'core', names: ['sr_get_status'] },
    '4.0': { module: 'status_report', names: ['status_report:get', 'sr_get_status'] },
  },
  'status_report:status': {
    '3.5': { module: 'core', names: ['sr_list_status'] },
    '4.0': { module: 'status_report', names: ['status_report:status', 'sr_list_status'] },
  },
  'status_report:reports': {
    '3.5': { module: 'core', names: ['sr_list_reports'] },
    '4.0': { module: 'status_report', names: ['status_report:reports', 'sr_list_reports'] },
  },
  'status_report:identifiers': {
    '3.5': { module: 'core', names: ['sr_list_identifiers'] },
    '4.0': { module: 'status_report', names: ['status_report:identifiers', 'sr_list_identifiers'] },
  },
  'stir_shaken:ca_reload': {
    '3.5': { module: 'stir_shaken', names: ['stir_shaken_ca_reload'] },
    '4.0': { module: 'stir_shaken', names: ['stir_shaken:ca_reload', 'stir_shaken_ca_reload'] },
  },
  'stir_shaken:crl_reload': {
    '3.5': { module: 'stir_shaken', names: ['stir_shaken_crl_reload'] },
    '4.0': { module: 'stir_shaken', names: ['stir_shaken:crl_reload', 'stir_shaken_crl_reload'] },
  },
  'tcp:list': {
    '3.5': { module: 'core', names: ['list_tcp_conns'], recipes: [0] },
    '4.0': { module: 'tcp', names: ['tcp:list', 'list_tcp_conns'] },
  },
  'tcp:close': {
    '4.0': { module: 'tcp', names: ['tcp:close'] },
  },
  'tcp:trace': {
    '3.5': { module: 'proto_tcp', names: ['tcp_trace'] },
    '4.0': { module: 'tcp', names: ['tcp:trace', 'tcp_trace'] },
  },
  'tcp_mgm:reload': {
    '3.5': { module: 'tcp_mgm', names: ['tcp_reload'] },
    '4.0': { module: 'tcp_mgm', names: ['tcp_mgm:reload', 'tcp_reload'] },
  },
  'tls:trace': {
    '3.5': { module: 'proto_tls', names: ['tls_trace'] },
    '4.0': { module: 'tls', names: ['tls:trace', 'tls_trace'] },
  },
  'tls_mgm:reload': {
    '3.5': { module: 'tls_mgm', names: ['tls_reload'] },
    '4.0': { module: 'tls_mgm', names: ['tls_mgm:reload', 'tls_reload'] },
  },
  'tls_mgm:list': {
    '3.5': { module: 'tls_mgm', names: ['tls_list'] },
    '4.0': { module: 'tls_mgm', names: ['tls_mgm:list', 'tls_list'] },
  },
  'tm:uac_dlg': {
    '3.5': { module: 'tm', names: ['t_uac_dlg'] },
    '4.0': { module: 'tm', names: ['tm:uac_dlg', 't_uac_dlg'] },
  },
  'tm:uac_cancel': {
    '3.5': { module: 'tm', names: ['t_uac_cancel'] },
    '4.0': { module: 'tm', names: ['tm:uac_cancel', 't_uac_cancel'] },
  },
  'tm:hash': {
    '3.5': { module: 'tm', names: ['t_hash'] },
    '4.0': { module: 'tm', names: ['tm:hash', 't_hash'] },
  },
  'tm:reply': {
    '3.5': { module: 'tm', names: ['t_reply'] },
    '4.0': { module: 'tm', names: ['tm:reply', 't_reply'] },
  },
  'tracer:trace': {
    '3.5': { module: 'tracer', names: ['trace'] },
    '4.0': { module: 'tracer', names: ['tracer:trace'] },
  },
  'tracer:start': {
    '3.5': { module: 'tracer', names: ['trace_start'] },
    '4.0': { module: 'tracer', names: ['tracer:start', 'trace_start'] },
  },
  'tracer:stop': {
    '3.5': { module: 'tracer', names: ['trace_stop'] },
    '4.0': { module: 'tracer', names: ['tracer:stop', 'trace_stop'] },
  },
  'trie:reload': {
    '4.0': { module: 'trie', names: ['trie:reload', 'trie_reload'] },
  },
  'trie:search': {
    '4.0': { module: 'trie', names: ['trie:search', 'trie_search'] },
  },
  'trie:reload_status': {
    '4.0': { module: 'trie', names: ['trie:reload_status', 'trie_reload_status'] },
  },
  'trie:number_delete': {
    '4.0': { module: 'trie', names: ['trie:number_delete', 'trie_number_delete'] },
  },
  'trie:number_upsert': {
    '4.0': { module: 'trie', names: ['trie:number_upsert', 'trie_number_upsert'] },
  },
  'uac_registrant:list': {
    '3.5': { module: 'uac_registrant', names: ['reg_list'] },
    '4.0': { module: 'uac_registrant', names: ['uac_registrant:list', 'reg_list'] },
  },
  'uac_registrant:reload': {
    '3.5': { module: 'uac_registrant', names: ['reg_reload'] },
    '4.0': { module: 'uac_registrant', names: ['uac_registrant:reload', 'reg_reload'] },
  },
  'uac_registrant:enable': {
    '3.5': { module: 'uac_registrant', names: ['reg_enable'] },
    '4.0': { module: 'uac_registrant', names: ['uac_registrant:enable', 'reg_enable'] },
  },
  'uac_registrant:disable': {
    '3.5': { module: 'uac_registrant', names: ['reg_disable'] },
    '4.0': { module: 'uac_registrant', names: ['uac_registrant:disable', 'reg_disable'] },
  },
  'uac_registrant:force_register': {
    '3.5': { module: 'uac_registrant', names: ['reg_force_register'] },
    '4.0': { module: 'uac_registrant', names: ['uac_registrant:force_register', 'reg_force_register'] },
  },
  'uac_registrant:upsert': {
    '4.0': { module: 'uac_registrant', names: ['uac_registrant:upsert', 'reg_upsert'] },
  },
  'uac_registrant:delete': {
    '4.0': { module: 'uac_registrant', names: ['uac_registrant:delete', 'reg_delete'] },
  },
  'userblacklist:reload': {
    '3.5': { module: 'userblacklist', names: ['reload_blacklist'] },
    '4.0': { module: 'userblacklist', names: ['userblacklist:reload', 'reload_blacklist'] },
  },
  'usrloc:rm': {
    '3.5': { module: 'usrloc', names: ['ul_rm'] },
    '4.0': { module: 'usrloc', names: ['usrloc:rm', 'ul_rm'] },
  },
  'usrloc:rm_contact': {
    '3.5': { module: 'usrloc', names: ['ul_rm_contact'] },
    '4.0': { module: 'usrloc', names: ['usrloc:rm_contact', 'ul_rm_contact'] },
  },
  'usrloc:dump': {
    '3.5': { module: 'usrloc', names: ['ul_dump'] },
    '4.0': { module: 'usrloc', names: ['usrloc:dump', 'ul_dump'] },
  },
  'usrloc:flush': {
    '3.5': { module: 'usrloc', names: ['ul_flush'] },
    '4.0': { module: 'usrloc', names: ['usrloc:flush', 'ul_flush'] },
  },
  'usrloc:add': {
    '3.5': { module: 'usrloc', names: ['ul_add'] },
    '4.0': { module: 'usrloc', names: ['usrloc:add', 'ul_add'] },
  },
  'usrloc:show_contact': {
    '3.5': { module: 'usrloc', names: ['ul_show_contact'] },
    '4.0': { module: 'usrloc', names: ['usrloc:show_contact', 'ul_show_contact'] },
  },
  'usrloc:sync': {
    '3.5': { module: 'usrloc', names: ['ul_sync'] },
    '4.0': { module: 'usrloc', names: ['usrloc:sync', 'ul_sync'] },
  },
  'usrloc:cluster_sync': {
    '3.5': { module: 'usrloc', names: ['ul_cluster_sync'] },
    '4.0': { module: 'usrloc', names: ['usrloc:cluster_sync', 'ul_cluster_sync'] },
  },
  'ws:trace': {
    '3.5': { module: 'proto_ws', names: ['ws_trace'] },
    '4.0': { module: 'ws', names: ['ws:trace', 'ws_trace'] },
  },
  'wss:trace': {
    '3.5': { module: 'proto_wss', names: ['wss_trace'] },
    '4.0': { module: 'wss', names: ['wss:trace', 'wss_trace'] },
  },
  'xcap_client:refreshXcapDoc': {
    '3.5': { module: 'xcap_client', names: ['refreshXcapDoc'] },
    '4.0': { module: 'xcap_client', names: ['xcap_client:refreshXcapDoc'] },
  },
}
