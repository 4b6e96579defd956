import { inspect } from 'node:util'
import type { LiteralSpec, LiteralValue, Spec, TypeSpec, TypeWord } from './types.js'

/** A JSON Schema (draft 7). */
export type JsonSchema = Readonly<Record<string, unknown>>

const words: Readonly<Record<TypeWord, Spec | 'bool'>> = {
  int: { kind: 'int' },
  string: { kind: 'string' },
  'string[]': { kind: 'array', items: 'string' },
  'int[]': { kind: 'array', items: 'int' },
  bool: 'bool',
}

/**
 * A word as the spec that it abbreviates; `bool` has none and stays.
 * @throws TypeError for a word that does not exist, or what no builder made
 */
export function expandType(type: TypeSpec): Spec | 'bool' {
  if (typeof type !== 'string') return isSpec(type) ? type : notAType(type)
  return (Object.hasOwn(words, type) ? words[type] : undefined) ?? notAType(type)
}

const kinds = new Set<unknown>([
  'int',
  'string',
  'array',
  'oneOf',
  'literal',
  'object',
  'schema',
] satisfies Spec['kind'][])

/** Plain JavaScript callers can pass anything. Reject it now, not in the middle of a request. */
function isSpec(type: Partial<Spec> | null | undefined): boolean {
  return typeof type === 'object' && kinds.has(type?.kind)
}

function notAType(type: unknown): never {
  const given = typeof type === 'string' ? `'${type}'` : inspect(type)
  throw new TypeError(`${given} is not a type; use ${Object.keys(words).join(', ')} or a builder such as int()`)
}

/** What a schema is to be used for. */
export interface JsonSchemaOptions {
  /** What arrays hold at least when their spec does not say: 1 for parameters, 0 for results. @default 0 */
  readonly minItems?: 0 | 1 | undefined
  /** Called with each schema that was written by hand (`schema()`); returns what stands in its place. @default as it is */
  readonly embed?: ((schema: JsonSchema) => JsonSchema) | undefined
}

/**
 * The JSON Schema of a parameter's or a result's type.
 * @throws TypeError for a type that does not exist
 */
export function jsonSchemaOf(type: TypeSpec, options: JsonSchemaOptions = {}): JsonSchema {
  const spec = expandType(type)
  if (spec === 'bool') return { type: 'boolean' }
  switch (spec.kind) {
    case 'int':
      // Beyond the safe range JavaScript would round in silence.
      return {
        type: 'integer',
        minimum: spec.minimum ?? Number.MIN_SAFE_INTEGER,
        maximum: spec.maximum ?? Number.MAX_SAFE_INTEGER,
      }
    case 'string':
      return given({ type: 'string', minLength: spec.minLength, maxLength: spec.maxLength, pattern: spec.pattern })
    case 'array':
      return given({
        type: 'array',
        items: jsonSchemaOf(spec.items, options),
        minItems: spec.minItems ?? options.minItems ?? 0,
        maxItems: spec.maxItems,
      })
    case 'oneOf': {
      const literals = spec.types.flatMap((each) => literalOf(each) ?? [])
      // One list of values: what it refuses can then be said in one sentence.
      if (literals.length === spec.types.length) return enumOf(literals.flatMap(({ values }) => values))
      return { anyOf: spec.types.map((each) => jsonSchemaOf(each, options)) }
    }
    case 'literal':
      return enumOf(spec.values)
    case 'object': {
      const entries = Object.entries(spec.properties)
      return {
        type: 'object',
        properties: Object.fromEntries(entries.map(([name, property]) => [name, jsonSchemaOf(property, options)])),
        required: entries.map(([name]) => name).filter((name) => !spec.optional.includes(name)),
        additionalProperties: spec.additional,
      }
    }
    case 'schema':
      return options.embed === undefined ? spec.schema : options.embed(spec.schema)
  }
}

function literalOf(type: TypeSpec): LiteralSpec | undefined {
  const spec = expandType(type)
  return spec !== 'bool' && spec.kind === 'literal' ? spec : undefined
}

function enumOf(values: readonly LiteralValue[]): JsonSchema {
  return { type: [...new Set(values.map(jsonType))], enum: [...new Set(values)] }
}

function jsonType(value: unknown): string {
  return value === null ? 'null' : typeof value
}

function given(schema: Record<string, unknown>): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined))
}
