export { type BlockingScript, createBlockingScript } from './blocking-script.js'
export type { BlockingScriptOptions, ScriptOptions, ScriptSettings } from './options.js'
export { createScript } from './script.js'
export type {
  AsyncCallOptions,
  AsyncRunArguments,
  AsyncScript,
  ReturnVariable,
  RunArguments,
  RunOutcome,
  Script,
  ScriptValues,
} from './script-types.js'
export type { ScriptAvp, ScriptValue, ScriptVariable } from './variable.js'
