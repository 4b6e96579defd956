import { type CommandContract, expandType, type LiteralValue, type Recipe, type TypeSpec } from '@mi/contract'
import type { ValidateFunction } from 'ajv'
import { parameterProblem, type Validation } from './validation.js'

/** The parameters of one call, by name, in the order of the recipe, checked. */
export type Params = Readonly<Record<string, unknown>>

/** Either the parameters, or what is wrong with them: the data text of -32602. One shape for both, which runs faster. */
export type Match =
  | { readonly params: Params; readonly problem: undefined }
  | { readonly params: undefined; readonly problem: string }

// The texts of OpenSIPS, mi/mi.c.
const WRONG_COUNT: Match = { params: undefined, problem: 'Too few or too many parameters' }
const WRONG_NAMES: Match = { params: undefined, problem: 'Named parameters do not match' }
const NAMED_ONLY: Match = { params: undefined, problem: 'Command only supports named parameters' }
const AMBIGUOUS: Match = { params: undefined, problem: 'Ambiguous call, use named parameters instead' }

/** What every command without parameters gets. */
const NO_PARAMS: Match = { params: Object.freeze({}), problem: undefined }

interface CompiledRecipe {
  readonly names: readonly string[]
  readonly coercions: readonly (Coercion | undefined)[]
  /** Undefined where there are no parameters to check. */
  readonly compile: (() => ValidateFunction) | undefined
  /** Compiled when the recipe is first used. */
  validate: ValidateFunction | undefined
}

/** Finds the recipe that a request means, and checks the parameters against it. */
export class Recipes {
  private readonly namedOnly: boolean
  /** By number of parameters. */
  private readonly byCount: CompiledRecipe[][] = []

  constructor(contract: CommandContract, validation: Validation) {
    this.namedOnly = contract.namedOnly
    for (const recipe of contract.recipes) {
      const compiled = compileRecipe(contract.method, recipe, validation)
      const count = compiled.names.length
      const sameCount = this.byCount[count] ?? []
      sameCount.push(compiled)
      this.byCount[count] = sameCount
    }
  }

  match(params: readonly unknown[] | Params | undefined): Match {
    if (params === undefined) return this.byCount[0] === undefined ? WRONG_COUNT : NO_PARAMS
    return Array.isArray(params) ? this.byPosition(params) : this.byName(asNamed(params))
  }

  private byPosition(values: readonly unknown[]): Match {
    if (values.length === 0) return this.match(undefined)
    if (this.namedOnly) return NAMED_ONLY
    const candidates = this.byCount[values.length]
    const recipe = candidates?.[0]
    if (recipe === undefined) return WRONG_COUNT
    if (candidates !== undefined && candidates.length > 1) return AMBIGUOUS
    return checked(recipe, values)
  }

  private byName(values: Params): Match {
    const count = Object.keys(values).length
    if (count === 0) return this.match(undefined)
    const candidates = this.byCount[count]
    if (candidates === undefined) return WRONG_COUNT
    const recipe = candidates.find(({ names }) => names.every((name) => Object.hasOwn(values, name)))
    if (recipe === undefined) return WRONG_NAMES
    return checked(
      recipe,
      recipe.names.map((name) => values[name]),
    )
  }
}

function compileRecipe(command: string, recipe: Recipe, validation: Validation): CompiledRecipe {
  // First: it says where a type is that does not exist.
  const compile = validation.forRecipe(command, recipe)
  return {
    names: Object.keys(recipe),
    coercions: Object.values(recipe).map(coercionOf),
    compile,
    validate: undefined,
  }
}

function checked(recipe: CompiledRecipe, values: readonly unknown[]): Match {
  const params: Record<string, unknown> = {}
  let absent: string | undefined
  recipe.names.forEach((name, index) => {
    const value = values[index]
    const coerce = recipe.coercions[index]
    params[name] = coerce === undefined ? value : coerce(value)
    // JSON has no undefined; callers from within the program may give it, and a schema takes it for absent.
    if (value === undefined) absent ??= name
  })
  if (absent !== undefined) return { params: undefined, problem: `Bad type for parameter '${absent}'` }
  recipe.validate ??= recipe.compile?.()
  const { validate } = recipe
  if (validate === undefined || validate(params)) return { params, problem: undefined }
  return { params: undefined, problem: parameterProblem(validate.errors ?? []) }
}

/** `Array.isArray` does not narrow a readonly array away; this is its other branch. */
function asNamed(params: readonly unknown[] | Params): Params {
  return params as Params
}

/**
 * MI's leniency: an integer may arrive as its decimal text with an optional sign, a text as an integer, and so inside
 * arrays. Nothing else is converted; what does not fit is left for validation to refuse.
 */
type Coercion = (value: unknown) => unknown

/** Undefined where nothing of the type is ever converted. */
function coercionOf(type: TypeSpec): Coercion | undefined {
  const spec = expandType(type)
  if (spec === 'bool') return undefined
  switch (spec.kind) {
    case 'int':
      return toInteger
    case 'string':
      return toText
    case 'array': {
      const item = coercionOf(spec.items)
      return item && ((value) => (Array.isArray(value) ? value.map(item) : value))
    }
    case 'literal':
      return (value) => toLiteral(spec.values, value)
    case 'oneOf':
      return toOneOf(spec.types)
    default:
      return undefined
  }
}

function toInteger(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[+-]?\d+$/.test(value)) return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function toText(value: unknown): unknown {
  return Number.isSafeInteger(value) ? String(value) : value
}

function toLiteral(values: readonly LiteralValue[], value: unknown): unknown {
  if (values.some((each) => each === value)) return value
  return values.find((each) => toInteger(value) === each || toText(value) === each) ?? value
}

/** A value that one of the types takes as it is stays; otherwise the first type that can convert it does. */
function toOneOf(types: readonly TypeSpec[]): Coercion {
  const coercions = types.map(coercionOf)
  return (value) => {
    if (types.some((type) => takesAsIs(type, value))) return value
    for (const coerce of coercions) {
      const converted = coerce?.(value)
      if (converted !== undefined && converted !== value) return converted
    }
    return value
  }
}

function takesAsIs(type: TypeSpec, value: unknown): boolean {
  const spec = expandType(type)
  if (spec === 'bool') return typeof value === 'boolean'
  switch (spec.kind) {
    case 'int':
      return Number.isSafeInteger(value)
    case 'string':
      return typeof value === 'string'
    case 'array':
      return Array.isArray(value) && value.every((item) => takesAsIs(spec.items, item))
    case 'literal':
      return spec.values.some((each) => each === value)
    case 'oneOf':
      return spec.types.some((each) => takesAsIs(each, value))
    default:
      return typeof value === 'object'
  }
}
