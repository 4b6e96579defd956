import { type JsonSchema, jsonSchemaOf, type Recipe, type TypeSpec } from '@mi/contract'
import { errorText } from '@mi/internal/error-text'
import { Ajv, type ErrorObject, type KeywordDefinition, type ValidateFunction } from 'ajv'

/** Says what is wrong with a value, in MI's words, or undefined when nothing is. */
export type Check = (value: unknown) => string | undefined

/** ajv only warns of what it does not know, such as a `format`. Here it is an error: the constraint would not be checked. */
const refusing = {
  log(): void {},
  warn(problem: string): void {
    throw new TypeError(problem)
  },
  error(): void {},
}

/** 1e400, which JSON.parse reads as infinity, does not count as a number. */
function makeAjv(): Ajv {
  return new Ajv({ strict: false, strictNumbers: true, logger: refusing })
}

/** Keyword of a schema that is a document of its own, as JSON text, so that ajv does not look for references in it. */
const DOCUMENT = 'miDocument'

/** Validates by a schema that is compiled apart from the one around it: its references and names are its own. */
const document: KeywordDefinition = {
  keyword: DOCUMENT,
  schemaType: 'string',
  errors: true,
  compile(text: string) {
    const validate = makeAjv().compile(JSON.parse(text))
    if ('$async' in validate) throw new TypeError('an asynchronous schema ($async) cannot be a part of a contract')
    const check: DocumentCheck = (data, place) => {
      const valid = validate(data)
      check.errors = validate.errors?.map((error) => ({
        ...error,
        instancePath: `${place?.instancePath ?? ''}${error.instancePath}`,
      }))
      return valid
    }
    return check
  },
}

interface DocumentCheck {
  (data: unknown, place?: { readonly instancePath: string }): boolean
  errors?: ErrorObject[] | undefined
}

/**
 * Takes schemas that were written by hand into the schema of a type. One that refers to itself, or has a name to be referred
 * to by, would mean something else as a part of another schema: it stays a document.
 */
function embedding() {
  let held = false
  const embed = (schema: JsonSchema): JsonSchema => {
    held = true
    const text = JSON.stringify(schema)
    return /"\$(?:id|ref)":/.test(text) ? { [DOCUMENT]: text } : schema
  }
  // A schema written by hand may be wrong, and only compiling it can tell.
  return { embed, held: () => held }
}

/** Compiles the checks of an engine. Each is compiled once, when it is first needed. */
export class Validation {
  private readonly ajv = makeAjv().addKeyword(document)

  /**
   * @returns what compiles the validator of a recipe's parameters by name; undefined for a recipe without any
   * @throws TypeError at once when the recipe holds a JSON Schema that does not compile
   */
  forRecipe(command: string, recipe: Recipe): (() => ValidateFunction) | undefined {
    const types = Object.entries(recipe)
    if (types.length === 0) return undefined
    const { embed, held } = embedding()
    const properties = types.map(([name, type]) => [
      name,
      located(`command '${command}', parameter '${name}'`, () => jsonSchemaOf(type, { minItems: 1, embed })),
    ])
    const schema = { type: 'object', properties: Object.fromEntries(properties) }
    if (!held()) return () => this.compile(schema, `parameters of ${command}`)
    const validate = this.compile(schema, `parameters of ${command}`)
    return () => validate
  }

  /** A check of a command's result, for the log: it never reaches the peer. */
  forResult(command: string, type: TypeSpec): Check {
    const { embed, held } = embedding()
    const schema = located(`command '${command}', result`, () => jsonSchemaOf(type, { embed }))
    const compile = (): ValidateFunction => this.compile(schema, `result of ${command}`)
    let validate = held() ? compile() : undefined
    return (value) => {
      validate ??= compile()
      return validate(value) ? undefined : resultProblem(validate.errors ?? [])
    }
  }

  private compile(schema: object, what: string): ValidateFunction {
    try {
      return this.ajv.compile(schema)
    } catch (cause) {
      throw new TypeError(`the JSON Schema in the ${what} does not compile: ${errorText(cause)}`, { cause })
    }
  }
}

/** Says where in a contract a type is that does not exist. */
function located(where: string, make: () => JsonSchema): JsonSchema {
  try {
    return make()
  } catch (cause) {
    throw new TypeError(`${where}: ${errorText(cause)}`, { cause })
  }
}

/** The text of MI for a wrong type; for a constraint beyond the type, one that names parameter and constraint. */
export function parameterProblem(errors: readonly ErrorObject[]): string {
  // The last error is the outermost one: of an anyOf, the alternatives' own errors come before it.
  const error = errors.at(-1)
  if (error === undefined) return 'Bad parameters'
  const [, parameter = '', item, ...deeper] = error.instancePath.split('/').map(unescapePointer)
  if (
    errors.every((each) => isAboutType(each) || each === error) &&
    (isAboutType(error) || error.keyword === 'anyOf')
  ) {
    if (item === undefined) return `Bad type for parameter '${parameter}'`
    if (/^\d+$/.test(item) && deeper.length === 0) return `Bad type for array item in parameter '${parameter}'`
  }
  if (error.keyword === 'minItems' && error.params.limit === 1 && item === undefined) {
    return `Empty array in parameter '${parameter}'`
  }
  const where = item === undefined ? '' : ` at ${error.instancePath.slice(parameter.length + 1)}`
  const alternatives = errors.filter((each) => each !== error && each.instancePath === error.instancePath)
  const problem =
    error.keyword === 'anyOf' && alternatives.length > 0
      ? [...new Set(alternatives.map(constraint))].join(', or ')
      : constraint(error)
  return `Bad value for parameter '${parameter}'${where}: ${problem}`
}

function resultProblem(errors: readonly ErrorObject[]): string {
  return errors.map((error) => `${error.instancePath || 'the result'} ${constraint(error)}`).join('; ')
}

/** An integer that is beyond the safe range counts as no integer at all. */
function isAboutType(error: ErrorObject): boolean {
  if (error.keyword === 'type') return true
  const { limit } = error.params
  return (
    (error.keyword === 'minimum' && limit === Number.MIN_SAFE_INTEGER) ||
    (error.keyword === 'maximum' && limit === Number.MAX_SAFE_INTEGER)
  )
}

function constraint(error: ErrorObject): string {
  if (error.keyword === 'enum') {
    return `must be one of ${JSON.stringify(error.params.allowedValues).slice(1, -1)} (enum)`
  }
  if (error.keyword === 'additionalProperties') {
    return `must not have the property '${error.params.additionalProperty}' (additionalProperties)`
  }
  return `${error.message ?? 'is not valid'} (${error.keyword})`
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}
