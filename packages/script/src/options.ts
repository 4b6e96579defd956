import type { IpEndpoint, MiTracer } from '@mi/contract'

/** What a script may be given that is plain data. */
export interface ScriptSettings {
  /** Results indented with tabs (mi_script `pretty_printing`). @default false */
  readonly prettyPrinting?: boolean | undefined
  /**
   * Which commands are traced: `b: ps, which` all but these, `w: ps` only these (mi_script `trace_bwlist`). The commands must be
   * registered before the script is made. @default all
   */
  readonly traceBwlist?: string | undefined
  /** Whether asynchronous calls are traced too; OpenSIPS cannot trace them. @default false */
  readonly traceAsync?: boolean | undefined
  /** Where what the script works on came from, for traces and commands: the sender of a SIP message. @default none */
  readonly source?: IpEndpoint | undefined
  /** Where it was received. @default none */
  readonly destination?: IpEndpoint | undefined
}

/** What `createScript` takes besides the engine. */
export interface ScriptOptions extends ScriptSettings {
  /** Sees calls and their answers, under the backend `script` (mi_script `trace_destination`). @default none */
  readonly tracer?: MiTracer | undefined
}
