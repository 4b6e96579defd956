/**
 * What a parameter or a result may be: a word for the common cases, a spec (made by the builders of `builders.ts`)
 * where a constraint is wanted. Both are plain data; the static type follows from them.
 */

/** Carries the static type of a spec. It exists for the compiler alone; no value has it. */
declare const staticType: unique symbol

/** The static types of the parameter words. */
export interface WordTypes {
  int: number
  string: string
  'string[]': string[]
  'int[]': number[]
  bool: boolean
}

/** A type by its name. `int` takes an integer or its decimal text, `string` a text or an integer, `bool` true or false. */
export type TypeWord = keyof WordTypes

interface Typed<T> {
  readonly [staticType]?: () => T
}

/** An integer within the safe range. Made by `int()`. */
export interface IntSpec extends Typed<number> {
  readonly kind: 'int'
  readonly minimum?: number | undefined
  readonly maximum?: number | undefined
}

/** A text. Made by `string()`. Lengths count characters; `pattern` is a regular expression as JSON Schema has it. */
export interface StringSpec extends Typed<string> {
  readonly kind: 'string'
  readonly minLength?: number | undefined
  readonly maxLength?: number | undefined
  readonly pattern?: string | undefined
}

/** An array of one type, with at least one item when it is a parameter. Made by `array()`. */
export interface ArraySpec<T = unknown> extends Typed<T[]> {
  readonly kind: 'array'
  readonly items: TypeSpec
  readonly minItems?: number | undefined
  readonly maxItems?: number | undefined
}

/** One of several types. Made by `oneOf()`. */
export interface OneOfSpec<T = unknown> extends Typed<T> {
  readonly kind: 'oneOf'
  readonly types: readonly TypeSpec[]
}

/** One of the given values. Made by `literal()`. */
export interface LiteralSpec<T = unknown> extends Typed<T> {
  readonly kind: 'literal'
  readonly values: readonly LiteralValue[]
}

/** What `literal()` takes. */
export type LiteralValue = string | number | boolean | null

/** An object with the given properties. Made by `object()`. */
export interface ObjectSpec<T = unknown> extends Typed<T> {
  readonly kind: 'object'
  readonly properties: Readonly<Record<string, TypeSpec>>
  readonly optional: readonly string[]
  /** Whether properties that are not listed are let through. */
  readonly additional: boolean
}

/** Any JSON Schema (draft 7), with the static type that its author gives it. Made by `schema<T>()`. */
export interface SchemaSpec<T = unknown> extends Typed<T> {
  readonly kind: 'schema'
  readonly schema: Readonly<Record<string, unknown>>
}

/** A type with constraints. */
export type Spec = IntSpec | StringSpec | ArraySpec | OneOfSpec | LiteralSpec | ObjectSpec | SchemaSpec

/** A parameter's or a result's type: a word or a spec. */
export type TypeSpec = TypeWord | Spec

/** The static type of a word or spec. */
export type Static<S> = S extends TypeWord
  ? WordTypes[S]
  : S extends { readonly [staticType]?: (() => infer T) | undefined }
    ? T
    : never

/** Makes a mapped or intersected type readable in the editor. */
export type Simplify<T> = { [K in keyof T]: T[K] }
