// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `call_center`. */
export const call_center = defineModule('call_center', {
  /** `call_center:reload`; `cc_reload` in 3.5. */
  reload: {
    aliases: ['cc_reload'],
    level: 'change',
    recipes: [{}],
  },
  /** `call_center:agent_login`; `cc_agent_login` in 3.5. */
  agent_login: {
    aliases: ['cc_agent_login'],
    level: 'change',
    recipes: [{ agent_id: 'string', state: 'int' }],
  },
  /** `call_center:list_queue`; `cc_list_queue` in 3.5. */
  list_queue: {
    aliases: ['cc_list_queue'],
    level: 'read',
    recipes: [{}],
  },
  /** `call_center:list_flows`; `cc_list_flows` in 3.5. */
  list_flows: {
    aliases: ['cc_list_flows'],
    level: 'read',
    recipes: [{}],
  },
  /** `call_center:list_agents`; `cc_list_agents` in 3.5. */
  list_agents: {
    aliases: ['cc_list_agents'],
    level: 'read',
    recipes: [{}],
  },
  /** `call_center:list_calls`; `cc_list_calls` in 3.5. */
  list_calls: {
    aliases: ['cc_list_calls'],
    level: 'read',
    recipes: [{}],
  },
  /** `call_center:reset_stats`; `cc_reset_stats` in 3.5. */
  reset_stats: {
    aliases: ['cc_reset_stats'],
    level: 'change',
    recipes: [{}],
  },
  /** `call_center:dispatch_call_to_agent`; `cc_dispatch_call_to_agent` in 3.5. */
  dispatch_call_to_agent: {
    aliases: ['cc_dispatch_call_to_agent'],
    level: 'change',
    recipes: [{ call_id: 'string', agent_id: 'string' }],
  },
  /** `call_center:internal_call_dispatching`; `cc_internal_call_dispatching` in 3.5. */
  internal_call_dispatching: {
    aliases: ['cc_internal_call_dispatching'],
    level: 'change',
    recipes: [{}, { dispatching: 'int' }],
  },
})
