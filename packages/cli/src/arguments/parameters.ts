import { UsageError } from '../failure.js'
import { splitWords } from './shell-words.js'

/** An argument of a command as it was typed. */
export interface Word {
  readonly text: string
  /** After `--`: a value, whatever it looks like. */
  readonly isLiteral: boolean
}

/** A parameter. */
export interface Parameter {
  readonly name: string
  /** `textOrArray`: an array of texts, or one text that is a JSON object. `unknown`: only the name is known. */
  readonly type: 'array' | 'textOrArray' | 'bool' | 'other' | 'unknown'
}

/** The parameters that a command takes. */
export interface Signature {
  /** For messages. */
  readonly command: string
  readonly recipes: readonly (readonly Parameter[])[]
  readonly isNamedOnly: boolean
}

/** As a request carries them. */
export type Parameters = readonly unknown[] | Readonly<Record<string, unknown>>

/** `name=value`, or `name[]=item` for an item of an array. */
const NAMED = /^([A-Za-z_][\w.-]*)(\[\])?=(.*)$/s

/**
 * Makes parameters from words: by name when every word is `name=value`, else by position. Values stay strings, which MI
 * accepts for integers too; arrays are filled where the signature, a repeated name or `name[]=` asks for it.
 * @param signature undefined for an unknown command
 * @param isJson whether each value is taken as JSON where it can be; then arrays are only those that are written as such
 * @returns undefined for no words
 * @throws UsageError for words that do not fit the signature
 */
export function parametersOf(
  words: readonly Word[],
  signature: Signature | undefined,
  isJson = false,
): Parameters | undefined {
  if (words.length === 0) return undefined
  if (isJson) return jsonParameters(words, signature)
  const pairs = words.map(({ text, isLiteral }) => (isLiteral ? null : NAMED.exec(text)))
  if (pairs.every((pair) => pair !== null)) return byName(pairs, signature)
  const values = words.map(({ text }) => text)
  if (signature === undefined) return values
  refuseMixture(pairs, signature)
  return signature.isNamedOnly ? nameValues(values, signature) : byPosition(values, signature)
}

function byName(pairs: readonly RegExpExecArray[], signature: Signature | undefined): Record<string, unknown> {
  const given = new Map<string, { values: string[]; isArray: boolean }>()
  for (const [, name = '', brackets, value = ''] of pairs) {
    const { values, isArray } = given.get(name) ?? { values: [], isArray: false }
    given.set(name, { values: [...values, value], isArray: isArray || values.length > 0 || brackets !== undefined })
  }
  const types = new Map(signature?.recipes.flat().map(({ name, type }) => [name, type]))
  // From entries: a parameter may be called __proto__.
  return Object.fromEntries(
    [...given].map(([name, { values, isArray }]) => {
      const [first = ''] = values
      if (isArray) return [name, values]
      return [name, isList(first, types.get(name)) ? itemsIn(first) : single(first, types.get(name))]
    }),
  )
}

/** As `mi -j` of opensips-cli, which leaves named values as they are; here arrays are arrays by name too. */
function jsonParameters(words: readonly Word[], signature: Signature | undefined): Parameters {
  const pairs = words.map(({ text, isLiteral }) => (isLiteral ? null : NAMED.exec(text)))
  const recipes = signature?.recipes ?? []
  if (!pairs.every((pair) => pair !== null)) {
    const recipe = recipes.find(({ length }) => length === words.length)
    return words.map(({ text }, index) => jsonValue(text, recipe?.[index]?.type))
  }
  const types = new Map(recipes.flat().map(({ name, type }) => [name, type]))
  return Object.fromEntries(pairs.map(([, name = '', , value = '']) => [name, jsonValue(value, types.get(name))]))
}

/**
 * A text that is not JSON stays as it is; so does a number whose digits JavaScript would change, and an object for a command of
 * OpenSIPS, which has no parameters that are objects.
 */
function jsonValue(text: string, type: Parameter['type'] | undefined): unknown {
  const parsed = parsedJson(text)
  if (parsed === undefined || (typeof parsed === 'number' && String(parsed) !== text.trim())) return text
  const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
  return isObject && type !== undefined && type !== 'unknown' ? text : parsed
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: a text.
    return undefined
  }
}

/** Whether one value must be sent as an array. A JSON object must not: `raise_event` takes it as named parameters. */
function isList(value: string, type: Parameter['type'] | undefined): boolean {
  if (type !== 'textOrArray') return type === 'array'
  const parsed = value.trimStart().startsWith('{') ? parsedJson(value) : undefined
  return parsed === undefined
}

/** `statistics='core: tm:'` has two items, as it has for opensips-cli. */
function itemsIn(text: string): string[] {
  const items = splitWords(text)
  return items.length === 0 ? [text] : items
}

function byPosition(values: readonly string[], { recipes }: Signature): unknown[] {
  const count = values.length
  const same = recipes.find((recipe) => recipe.length === count)
  if (same !== undefined) {
    return same.map(({ type }, index) => {
      const value = values[index] ?? ''
      return isList(value, type) ? [value] : single(value, type)
    })
  }
  // More values than parameters: the surplus goes into an array, the last parameter if possible.
  const shorter = recipes.filter((recipe) => recipe.length > 0 && recipe.length < count)
  const longestFirst = shorter.toSorted((a, b) => b.length - a.length)
  const recipe =
    longestFirst.find((parameters) => takesMore(parameters.at(-1))) ??
    longestFirst.find((parameters) => parameters.some(takesMore)) ??
    longestFirst.find((parameters) => parameters.at(-1)?.type === 'unknown')
  return recipe === undefined ? [...values] : gathered(values, recipe)
}

function takesMore(parameter: Parameter | undefined): boolean {
  return parameter?.type === 'array' || parameter?.type === 'textOrArray'
}

function gathered(values: readonly string[], recipe: readonly Parameter[]): unknown[] {
  const known = recipe.findLastIndex(takesMore)
  const at = known === -1 ? recipe.length - 1 : known
  const surplus = values.length - recipe.length
  return recipe.map(({ type }, index) => {
    if (index === at) return values.slice(at, at + surplus + 1)
    return single(values[index < at ? index : index + surplus] ?? '', type)
  })
}

function nameValues(values: readonly string[], signature: Signature): Record<string, unknown> {
  const fitting = signature.recipes.filter((recipe) => recipe.length === values.length)
  const [recipe] = fitting
  if (recipe === undefined || fitting.length > 1) {
    throw new UsageError(`${signature.command} takes parameters only by name (name=value): ${usage(signature)}`)
  }
  const filled = byPosition(values, { ...signature, recipes: [recipe] })
  return Object.fromEntries(recipe.map(({ name }, index) => [name, filled[index]]))
}

/** A named parameter among positional ones would reach the server as a string with a `=` in it. */
function refuseMixture(pairs: readonly (RegExpExecArray | null)[], signature: Signature): void {
  const names = new Set(signature.recipes.flat().map(({ name }) => name))
  const stray = pairs.find((pair) => pair !== null && names.has(pair[1] ?? ''))
  if (stray === undefined || stray === null) return
  throw new UsageError(
    `${signature.command}: give all parameters by name, or all by position. ` +
      `If '${stray[0]}' is a value, put -- before the parameters`,
  )
}

function single(value: string, type: Parameter['type'] | undefined): unknown {
  if (type !== 'bool') return value
  return value === 'true' || value === 'false' ? value === 'true' : value
}

/** The recipes of a command in one line: `(nothing) | level | level pid`. */
export function usage({ recipes, isNamedOnly }: Pick<Signature, 'recipes' | 'isNamedOnly'>): string {
  return recipes
    .map((recipe) => {
      if (recipe.length === 0) return '(nothing)'
      return recipe
        .map((parameter) => `${parameter.name}${isNamedOnly ? '=' : ''}${takesMore(parameter) ? '...' : ''}`)
        .join(' ')
    })
    .join(' | ')
}

/**
 * Whether more values were typed than a command takes.
 * @param refused the parameter whose type the server refused, if it said so: surplus values went into it as an array
 */
export function isTooMany(
  words: readonly Word[],
  { recipes }: Pick<Signature, 'recipes'>,
  refused: string | undefined,
): boolean {
  const isNamed = words.every(({ text, isLiteral }) => !isLiteral && NAMED.test(text))
  if (isNamed || recipes.some((recipe) => recipe.some(takesMore))) return false
  const most = Math.max(0, ...recipes.map((recipe) => recipe.length))
  if (words.length <= most) return false
  const last = recipes.find((recipe) => recipe.length === most)?.at(-1)
  return last?.type !== 'unknown' || refused === undefined || refused === last.name
}
