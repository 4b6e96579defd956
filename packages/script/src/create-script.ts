import type { MiHost } from '@mi/contract'
import { EngineCalls } from './calls.js'
import { HostScript } from './host-script.js'
import type { ScriptOptions } from './options.js'
import type { Script } from './script.js'
import { untilAborted } from './until-aborted.js'

/**
 * A script whose engine is in this thread. Synchronous calls reach the handlers directly: a command that answers later gives -3.
 *
 * Scripts are small: one for each unit of work (a SIP message, a web request) keeps variables and addresses apart. All scripts
 * of an engine count in its statistics group `script`.
 * @param mi what `createMi` of @mi/core returns, before or after `listen`
 * @throws TypeError for a `traceBwlist` that is wrong, or that names a command which is not registered yet
 * @throws MiError `MI_CLOSED` when the engine is closed
 */
export function createScript(mi: MiHost, options: ScriptOptions = {}): Script {
  const calls = new EngineCalls(mi, options)
  return new HostScript({
    now: (request) => calls.now(request),
    later: (request, signal) => {
      const outcome = calls.later(request, false)
      if (signal === undefined || !(outcome instanceof Promise)) return outcome
      return untilAborted(outcome, signal, () => calls.drop('aborted', request))
    },
  })
}
