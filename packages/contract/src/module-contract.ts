import type { CommandContract, CommandDefinition, CommandLevel, KeysOfUnion, Recipe } from './command.js'

/** Under this symbol a module contract carries its name and commands, beside the commands under their own names. */
export const moduleInfo: unique symbol = Symbol.for('mi.module')

/** What `moduleInfo` holds. */
export interface ModuleInfo<M extends string = string> {
  readonly name: M
  /** In the order of the definition. */
  readonly commands: readonly CommandContract[]
}

/** A module's commands under their names (`cache.store`), made by `defineModule`. */
export type ModuleContract<
  M extends string = string,
  D extends Readonly<Record<string, CommandDefinition>> = Readonly<Record<string, CommandDefinition>>,
> = {
  // `as` keeps the docstrings of the definition, which an intersection of the keys would lose.
  readonly [N in keyof D as N & string]: CommandContract<M, N & string, D[N]>
} & { readonly [moduleInfo]: ModuleInfo<M> }

/**
 * Refuses misspelt keys (`alias`), which TypeScript looks for only where it infers nothing, and descriptions of parameters
 * that no recipe has. What is wrong is a type that no value has, whose text is what the compiler shows.
 */
export type NoUnknownKeys<D> = string extends keyof D
  ? unknown
  : {
      readonly [N in keyof D]: {
        readonly [K in Exclude<
          keyof D[N],
          keyof CommandDefinition
        >]: CompileError<`a command has no key '${K & string}'`>
      } & (D[N] extends { readonly params: infer P; readonly recipes: readonly (infer R)[] }
        ? {
            readonly params: {
              readonly [K in Exclude<
                keyof P,
                KeysOfUnion<R>
              >]: CompileError<`no recipe has a parameter '${K & string}'`>
            }
          }
        : unknown)
    }

/** A text that the compiler shows where a value is wrong. */
export interface CompileError<Text extends string> {
  readonly [compileError]: Text
}

declare const compileError: unique symbol

/**
 * Declares the commands of a module: the one place where names, parameters and results are written.
 *
 * @param name the module's name, the part before the colon of `module:command`
 * @param commands a definition for each command, in the order in which `which` lists them
 * @throws TypeError for a name that MI cannot carry, or a recipe whose parameter order JavaScript would not keep
 */
export function defineModule<const M extends string, const D extends Readonly<Record<string, CommandDefinition>>>(
  name: M,
  commands: D & NoUnknownKeys<D>,
): ModuleContract<M, D> {
  assertName(name, 'module name')
  const contracts: Record<string, CommandContract> = {}
  for (const [command, definition] of Object.entries(commands)) {
    contracts[command] = defineCommand(name, command, definition)
  }
  const info: ModuleInfo<M> = Object.freeze({ name, commands: Object.freeze(Object.values(contracts)) })
  return asModuleContract<M, D>(Object.freeze({ ...contracts, [moduleInfo]: info }))
}

function defineCommand(module: string, name: string, definition: CommandDefinition): CommandContract {
  const method: `${string}:${string}` = `${module}:${name}`
  assertName(name, `command name in module '${module}'`)
  if (isIndex(name))
    throw new TypeError(`command '${method}': a name that is a number cannot keep its place in the module`)
  const recipes: unknown = definition.recipes
  if (!Array.isArray(recipes)) {
    throw new TypeError(
      `command '${method}': recipes must be an array of parameter lists; [{}] is a command without parameters`,
    )
  }
  for (const alias of definition.aliases ?? []) assertText(alias, `alias of command '${method}'`)
  for (const recipe of definition.recipes) assertRecipe(method, recipe)
  assertDescriptions(method, definition)
  const { timeoutMs } = definition
  if (timeoutMs !== undefined && !(timeoutMs >= 0)) {
    throw new RangeError(
      `command '${method}': timeoutMs must be 0 (no limit) or a number of milliseconds, not ${timeoutMs}`,
    )
  }
  return Object.freeze({
    module,
    name,
    method,
    help: definition.help,
    aliases: Object.freeze([...(definition.aliases ?? [])]),
    recipes: Object.freeze(definition.recipes.map((recipe) => Object.freeze({ ...recipe }))),
    params: Object.freeze({ ...definition.params }),
    result: definition.result,
    errors: Object.freeze({ ...definition.errors }),
    level: definition.level,
    deprecated: definition.deprecated,
    namedOnly: definition.namedOnly ?? false,
    async: definition.async ?? false,
    idempotent: definition.idempotent ?? false,
    timeoutMs,
  })
}

const levels: readonly unknown[] = [undefined, 'read', 'change', 'admin'] satisfies (CommandLevel | undefined)[]

/** Plain JavaScript callers can pass anything: what is wrong here would show in documents much later. */
function assertDescriptions(
  method: string,
  { recipes, params = {}, errors = {}, level, deprecated }: CommandDefinition,
): void {
  const known = new Set(recipes.flatMap((recipe) => Object.keys(recipe)))
  for (const [name, description] of Object.entries(params)) {
    if (!known.has(name)) {
      const list = known.size === 0 ? 'it has none' : `it has ${[...known].join(', ')}`
      throw new TypeError(`command '${method}': params describes '${name}', which no recipe has; ${list}`)
    }
    if (typeof description !== 'string') {
      throw new TypeError(`command '${method}': the description of parameter '${name}' must be a string`)
    }
  }
  for (const [code, meaning] of Object.entries(errors)) {
    if (!/^-?\d+$/.test(code))
      throw new TypeError(`command '${method}': errors has '${code}', which is not an integer code`)
    if (typeof meaning !== 'string')
      throw new TypeError(`command '${method}': the meaning of error ${code} must be a string`)
  }
  if (!levels.includes(level)) {
    throw new TypeError(`command '${method}': level must be 'read', 'change' or 'admin', not ${JSON.stringify(level)}`)
  }
  if (deprecated !== undefined && typeof deprecated !== 'string') {
    throw new TypeError(`command '${method}': deprecated must be a string that says what to use instead`)
  }
}

function assertRecipe(method: string, recipe: Recipe): void {
  for (const parameter of Object.keys(recipe)) {
    // An object lists keys such as "1" before all others, which would silently change the positional order.
    if (parameter === PROTOTYPE) throw new TypeError(`command '${method}': a parameter cannot be named '${parameter}'`)
    if (isIndex(parameter)) {
      throw new TypeError(
        `command '${method}': a parameter cannot be named '${parameter}'; begin its name with a letter`,
      )
    }
  }
}

function assertName(name: string, what: string): void {
  assertText(name, what)
  if (name.includes(':')) throw new TypeError(`${what} '${name}' holds a colon, which separates module and command`)
  if (name === PROTOTYPE) throw new TypeError(`${what} cannot be '${name}'`)
}

function assertText(name: string, what: string): void {
  if (typeof name !== 'string' || name === '' || /\s/.test(name)) {
    throw new TypeError(`${what} must be a string without white space, not ${JSON.stringify(name)}`)
  }
}

/** Assigning to this name sets the prototype: a command under it would be lost. */
const PROTOTYPE = '__proto__'

function isIndex(name: string): boolean {
  return /^\d+$/.test(name)
}

/** True by construction: `defineModule` has put one contract under each key of `D`, and the info under its symbol. */
function asModuleContract<M extends string, D extends Readonly<Record<string, CommandDefinition>>>(
  value: object,
): ModuleContract<M, D> {
  return value as ModuleContract<M, D>
}
