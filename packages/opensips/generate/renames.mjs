/**
 * Commands that 4.0 has under another name without keeping the old one as an alias. The key is module and name before,
 * the value the name since. That two names mean one command is a fact about OpenSIPS which no catalogue holds; what can
 * be checked, that both exist and have the same flags and types, the merge checks.
 * @type {Readonly<Record<string, string>>}
 */
export const renames = {
  'db_berkeley:bdb_reload': 'db_berkeley:reload',
  'db_flatstore:flat_rotate': 'db_flatstore:rotate',
  'domain:domain_reload': 'domain:reload',
  'domain:domain_dump': 'domain:dump',
  'nathelper:nh_enable_ping': 'nathelper:enable_ping',
  'pike:pike_list': 'pike:list',
  'pike:pike_rm': 'pike:rm',
  // 3.5 has `refresh_watchers` too, with the same recipe; 4.0 has dropped the older spelling.
  'presence:refreshWatchers': 'presence:refresh_watchers',
  'rtpengine:rtpengine_enable': 'rtpengine:enable',
  'rtpengine:rtpengine_show': 'rtpengine:show',
  'rtpengine:rtpengine_reload': 'rtpengine:reload',
  'rtpproxy:rtpproxy_enable': 'rtpproxy:enable',
  'rtpproxy:rtpproxy_show': 'rtpproxy:show',
  'rtpproxy:rtpproxy_reload': 'rtpproxy:reload',
}

/** Where 4.0 has what is all `core` before. */
export const coreModules = ['core', 'tcp', 'mem', 'cache', 'status_report', 'evi', 'statistics', 'blacklists']

/**
 * A module's name as 4.0 has it: `proto_tls` is `tls`.
 * @param {string} module
 */
export const moduleSince4 = (module) => module.replace(/^proto_/, '')
