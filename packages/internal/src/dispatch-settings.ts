import type { DispatchSettings } from '@mi/contract'
import type { OptionChecks, OptionNames } from './options.js'

/** The options that every server transport hands on to the engine, for `OptionChecks.known`. */
export const DISPATCH_SETTINGS: OptionNames<DispatchSettings> = {
  prettyPrinting: true,
  parseErrors: true,
  tracer: true,
  traceBwlist: true,
  backend: true,
}

/**
 * Takes them out of the options of a transport, with their defaults. The engine checks the tracer and its list.
 * @throws TypeError for values that cannot work
 */
export function dispatchSettings(
  checks: OptionChecks,
  { prettyPrinting = false, parseErrors = 'text', tracer, traceBwlist, backend }: DispatchSettings,
): DispatchSettings {
  return {
    prettyPrinting: checks.flag('prettyPrinting', prettyPrinting),
    parseErrors: checks.oneOf('parseErrors', parseErrors, ['text', 'jsonrpc']),
    tracer,
    traceBwlist,
    backend,
  }
}
