import type {
  ArraySpec,
  IntSpec,
  LiteralSpec,
  LiteralValue,
  ObjectSpec,
  OneOfSpec,
  SchemaSpec,
  Simplify,
  Static,
  StringSpec,
  TypeSpec,
} from './types.js'

/**
 * An integer, with bounds if given (both inclusive).
 * @throws RangeError when `minimum` is above `maximum`, or one of them is not a number
 */
export function int(
  constraints: { readonly minimum?: number | undefined; readonly maximum?: number | undefined } = {},
): IntSpec {
  assertOrdered('int', constraints.minimum, constraints.maximum)
  return { kind: 'int', ...constraints }
}

/**
 * A string, with bounds on its length in characters or a pattern (an unanchored regular expression, as in JSON Schema).
 * @throws RangeError when `minLength` is above `maxLength`, or one of them is not a length
 * @throws SyntaxError when `pattern` is not a regular expression
 */
export function string(
  constraints: {
    readonly minLength?: number | undefined
    readonly maxLength?: number | undefined
    readonly pattern?: string | undefined
  } = {},
): StringSpec {
  assertLengths('string', constraints.minLength, constraints.maxLength)
  if (constraints.pattern !== undefined) new RegExp(constraints.pattern, 'u')
  return { kind: 'string', ...constraints }
}

/**
 * An array whose items are all of one type. A parameter's array has at least one item (as MI has it); a result's may be
 * empty unless `minItems` says otherwise.
 * @throws RangeError when `minItems` is above `maxItems`, or one of them is not a length
 */
export function array<const S extends TypeSpec>(
  items: S,
  constraints: { readonly minItems?: number | undefined; readonly maxItems?: number | undefined } = {},
): ArraySpec<Static<S>> {
  assertLengths('array', constraints.minItems, constraints.maxItems)
  return { kind: 'array', items, ...constraints }
}

/**
 * One of several types, tried in order: `oneOf('int', 'string[]')`. For fixed values see `literal`.
 * @throws TypeError for no type at all
 */
export function oneOf<const S extends readonly [TypeSpec, ...TypeSpec[]]>(...types: S): OneOfSpec<Static<S[number]>> {
  assertSome('oneOf', types)
  return { kind: 'oneOf', types }
}

/**
 * One of the given values: `literal('OK')`, `literal('on', 'off')`.
 * @throws TypeError for no value at all, or one that is not a string, finite number, boolean or null
 */
export function literal<const V extends readonly [LiteralValue, ...LiteralValue[]]>(
  ...values: V
): LiteralSpec<V[number]> {
  assertSome('literal', values)
  for (const value of values) assertLiteral(value)
  return { kind: 'literal', values }
}

/** Marks a property of `object()` as one that may be absent. */
export interface OptionalProperty<S extends TypeSpec = TypeSpec> {
  readonly kind: 'optional'
  readonly type: S
}

/** A property of `object()` that may be absent. */
export function optional<const S extends TypeSpec>(type: S): OptionalProperty<S> {
  return { kind: 'optional', type }
}

type Properties = Readonly<Record<string, TypeSpec | OptionalProperty>>

type StaticObject<P extends Properties> = Simplify<
  { -readonly [K in keyof P as P[K] extends OptionalProperty ? never : K]: Static<P[K]> } & {
    -readonly [K in keyof P as P[K] extends OptionalProperty ? K : never]?: P[K] extends OptionalProperty<infer S>
      ? Static<S>
      : never
  }
>

/**
 * An object with the given properties; those marked `optional()` may be absent. Properties that are not listed are
 * refused unless `additional` is true.
 */
export function object<const P extends Properties>(
  properties: P,
  { additional = false }: { readonly additional?: boolean | undefined } = {},
): ObjectSpec<StaticObject<P>> {
  const types: Record<string, TypeSpec> = {}
  const mayBeAbsent: string[] = []
  for (const [name, property] of Object.entries(properties)) {
    if (isOptional(property)) {
      mayBeAbsent.push(name)
      types[name] = property.type
    } else {
      types[name] = property
    }
  }
  return { kind: 'object', properties: types, optional: mayBeAbsent, additional }
}

/**
 * Any JSON Schema (draft 7, what typebox makes included), with the static type `T` that goes with it.
 * The engine compiles it when the module is registered and refuses a schema that is not valid.
 */
export function schema<T>(jsonSchema: object): SchemaSpec<T> {
  return { kind: 'schema', schema: { ...jsonSchema } }
}

function isOptional(property: TypeSpec | OptionalProperty): property is OptionalProperty {
  return typeof property === 'object' && property.kind === 'optional'
}

function assertOrdered(builder: string, low: number | undefined, high: number | undefined): void {
  for (const bound of [low, high]) {
    if (bound === undefined || (typeof bound === 'number' && !Number.isNaN(bound))) continue
    throw new RangeError(`${builder}(): a bound must be a number, not ${String(bound)}`)
  }
  if (low !== undefined && high !== undefined && low > high) {
    throw new RangeError(`${builder}(): the lower bound ${low} is above the upper bound ${high}`)
  }
}

function assertLengths(builder: string, low: number | undefined, high: number | undefined): void {
  for (const length of [low, high]) {
    if (length === undefined || (Number.isInteger(length) && length >= 0)) continue
    throw new RangeError(`${builder}(): a length must be an integer from 0 up, not ${String(length)}`)
  }
  assertOrdered(builder, low, high)
}

function assertSome(builder: string, choices: readonly unknown[]): void {
  if (choices.length === 0) throw new TypeError(`${builder}(): give at least one to choose from`)
}

/** Plain JavaScript callers can pass anything; what JSON does not have could never match. */
function assertLiteral(value: unknown): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return
  throw new TypeError(`literal(): a value must be a string, a finite number, a boolean or null, not ${String(value)}`)
}
