import { inspect } from 'node:util'
import type { Spec, TypeSpec, TypeWord } from '@mi/contract'

/** Derives the JSON Schemas that ajv compiles from the types of a contract. */

export type JsonSchema = Readonly<Record<string, unknown>>

/** Bounds of every integer: beyond them JavaScript would round in silence. */
export const SAFE_MINIMUM = Number.MIN_SAFE_INTEGER
export const SAFE_MAXIMUM = Number.MAX_SAFE_INTEGER

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
export function expand(type: TypeSpec): Spec | 'bool' {
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

/** Of authors without TypeScript: what is none would fail in the middle of a request. */
function isSpec(type: Partial<Spec> | null | undefined): boolean {
  return typeof type === 'object' && kinds.has(type?.kind)
}

function notAType(type: unknown): never {
  const given = typeof type === 'string' ? `'${type}'` : inspect(type)
  throw new TypeError(`${given} is no parameter type; there are ${Object.keys(words).join(', ')} and the builders`)
}

/**
 * @param minItems what arrays hold at least when their spec does not say: 1 for parameters, 0 for results
 * @throws TypeError for a type that does not exist
 */
export function toJsonSchema(type: TypeSpec, minItems: 0 | 1): JsonSchema {
  const spec = expand(type)
  if (spec === 'bool') return { type: 'boolean' }
  switch (spec.kind) {
    case 'int':
      return { type: 'integer', minimum: spec.minimum ?? SAFE_MINIMUM, maximum: spec.maximum ?? SAFE_MAXIMUM }
    case 'string':
      return given({ type: 'string', minLength: spec.minLength, maxLength: spec.maxLength, pattern: spec.pattern })
    case 'array':
      return given({
        type: 'array',
        items: toJsonSchema(spec.items, minItems),
        minItems: spec.minItems ?? minItems,
        maxItems: spec.maxItems,
      })
    case 'oneOf':
      return { anyOf: spec.types.map((each) => toJsonSchema(each, minItems)) }
    case 'literal':
      return { type: [...new Set(spec.values.map(jsonType))], enum: [...new Set(spec.values)] }
    case 'object': {
      const names = Object.keys(spec.properties)
      return {
        type: 'object',
        properties: Object.fromEntries(
          Object.entries(spec.properties).map(([name, property]) => [name, toJsonSchema(property, minItems)]),
        ),
        required: names.filter((name) => !spec.optional.includes(name)),
        additionalProperties: spec.additional,
      }
    }
    case 'schema':
      return handWritten(spec.schema)
  }
}

/** Keyword of a schema that is a document of its own, as JSON. A text, so that ajv does not look for references in it. */
export const DOCUMENT = 'miDocument'

/** What refers to itself, or has a name to be referred to by, would mean something else as a part of another schema. */
function handWritten(schema: JsonSchema): JsonSchema {
  const text = JSON.stringify(schema)
  return /"\$(?:id|ref)":/.test(text) ? { [DOCUMENT]: text } : schema
}

/** Whether a schema written by hand is part of the type: then it may be wrong, and only compiling it can tell. */
export function holdsSchema(type: TypeSpec): boolean {
  const spec = expand(type)
  if (spec === 'bool') return false
  switch (spec.kind) {
    case 'schema':
      return true
    case 'array':
      return holdsSchema(spec.items)
    case 'oneOf':
      return spec.types.some(holdsSchema)
    case 'object':
      return Object.values(spec.properties).some(holdsSchema)
    default:
      return false
  }
}

function jsonType(value: unknown): string {
  return value === null ? 'null' : typeof value
}

function given(schema: Record<string, unknown>): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined))
}
