import { expandType, type LiteralValue, type TypeSpec } from '@mi/contract'

/**
 * MI's leniency: an integer may arrive as its decimal text with an optional sign, a text as an integer, and so inside
 * arrays. Nothing else is converted; what does not fit is left for validation to refuse.
 */
export type Coercion = (value: unknown) => unknown

/** Undefined where nothing of the type is ever converted. */
export function coercionOf(type: TypeSpec): Coercion | undefined {
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
