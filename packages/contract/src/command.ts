import type { Simplify, Static, TypeSpec } from './types.js'

/** An ordered list of parameters: the order of the keys is the positional one. */
export type Recipe = Readonly<Record<string, TypeSpec>>

/** What a command does to a server: only reads, changes how calls are handled, or administers the server itself. */
export type CommandLevel = 'read' | 'change' | 'admin'

/** What a module's author writes for one command. */
export interface CommandDefinition {
  /** One line for people: what the command does. Shown by `help`. */
  readonly help?: string | undefined
  /** Other names of the command, usually those of OpenSIPS 3.x (`cache_store` for `cache:store`). */
  readonly aliases?: readonly string[] | undefined
  /** The parameter lists that the command accepts; `[{}]` is a command without parameters. */
  readonly recipes: readonly Recipe[]
  /** One line for each parameter that needs one, by name: unit, range, meaning. */
  readonly params?: Readonly<Record<string, string>> | undefined
  /** What the command answers. Left out: anything (`unknown`). */
  readonly result?: TypeSpec | undefined
  /** The errors that the command answers of its own, by code: what each means. */
  readonly errors?: Readonly<Record<number, string>> | undefined
  /** What the command does to the server; access rules may refer to it as `@read`, `@change`, `@admin`. @default none of them */
  readonly level?: CommandLevel | undefined
  /** The command still works but should not be used: what to use instead. */
  readonly deprecated?: string | undefined
  /** Refuses positional calls. @default false (OpenSIPS `MI_NAMED_PARAMS_ONLY`) */
  readonly namedOnly?: boolean | undefined
  /** The command answers later, by a promise; says so to callers that cannot wait. @default false (OpenSIPS `MI_ASYNC_RPL_FLAG`) */
  readonly async?: boolean | undefined
  /** Running the command twice does what running it once does, so a client may try again. @default false */
  readonly idempotent?: boolean | undefined
  /** How long the command may take, in milliseconds; 0 is without limit. @default the engine's `limits.commandTimeoutMs` */
  readonly timeoutMs?: number | undefined
}

/** One command as server, client, documentation and tests see it: plain data. */
export interface CommandContract<
  M extends string = string,
  N extends string = string,
  D extends CommandDefinition = CommandDefinition,
> {
  readonly module: M
  readonly name: N
  /** The canonical name, `module:command`. */
  readonly method: `${M}:${N}`
  readonly help: string | undefined
  readonly aliases: readonly string[]
  readonly recipes: D['recipes']
  /** Empty where the definition has none. */
  readonly params: Readonly<Record<string, string>>
  readonly result: D extends { readonly result: infer R extends TypeSpec }
    ? R
    : CommandDefinition extends D
      ? TypeSpec | undefined
      : undefined
  /** Empty where the definition has none. */
  readonly errors: Readonly<Record<number, string>>
  readonly level: CommandLevel | undefined
  readonly deprecated: string | undefined
  readonly namedOnly: D extends { readonly namedOnly: true } ? true : boolean
  readonly async: boolean
  readonly idempotent: boolean
  readonly timeoutMs: number | undefined
}

export type KeysOfUnion<U> = U extends unknown ? keyof U : never

/** The parameters of one recipe, with those of the other recipes ruled out: a wrong mixture fails to compile. */
type RecipeParams<R, All extends PropertyKey> = R extends unknown
  ? Simplify<{ -readonly [K in keyof R]: Static<R[K]> } & { [K in Exclude<All, keyof R>]?: never }>
  : never

/**
 * The named parameters of a command: a union over its recipes. A handler may take the union apart at once
 * (`{ level, pid }`); what the recipe at hand lacks is `undefined`.
 */
export type ParamsOf<C extends { readonly recipes: readonly Recipe[] }> = RecipeParams<
  C['recipes'][number],
  KeysOfUnion<C['recipes'][number]>
>

/** What a command answers. */
export type ResultOf<C extends { readonly result?: TypeSpec | undefined }> = [C['result']] extends [TypeSpec]
  ? Static<C['result']>
  : unknown
