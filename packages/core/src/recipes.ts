import type { CommandContract, Recipe } from '@mi/contract'
import { type Coercion, coercionOf } from './coercion.js'
import type { Check, Validation } from './validation.js'

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
  readonly check: Check | undefined
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
  return {
    names: Object.keys(recipe),
    coercions: Object.values(recipe).map(coercionOf),
    check: validation.forRecipe(command, recipe),
  }
}

function checked(recipe: CompiledRecipe, values: readonly unknown[]): Match {
  const params: Record<string, unknown> = {}
  recipe.names.forEach((name, index) => {
    const coerce = recipe.coercions[index]
    params[name] = coerce === undefined ? values[index] : coerce(values[index])
  })
  const problem = recipe.check?.(params)
  return problem === undefined ? { params, problem } : { params: undefined, problem }
}

/** `Array.isArray` does not narrow a readonly array away; this is its other branch. */
function asNamed(params: readonly unknown[] | Params): Params {
  return params as Params
}
