export type { BlockingScriptOptions } from './blocking-options.js'
export { type BlockingScript, createBlockingScript } from './create-blocking-script.js'
export { createScript } from './create-script.js'
export type { ScriptOptions, ScriptSettings } from './options.js'
export type {
  AsyncCallOptions,
  AsyncRunArguments,
  AsyncScript,
  ReturnVariable,
  RunArguments,
  RunOutcome,
  Script,
  ScriptValues,
} from './script.js'
export type { ScriptAvp, ScriptValue, ScriptVariable } from './variable.js'
