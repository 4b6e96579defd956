import {
  type CommandContext,
  type CommandContract,
  CommandError,
  type CommandHandler,
  ErrorCode,
  type Interceptor,
  type MiModule,
} from '@mi/contract'
import { isConstant, jsonText, jsonValue } from './json-value.js'
import { Recipes } from './recipes.js'
import { type Check, Validation } from './validation.js'

/** A command as the engine runs it. */
export class Command {
  /** A result that cannot change: a command that answers it again and again prints it once. */
  private constant: { readonly result: object; readonly text: string; readonly value: unknown } | undefined
  /**
   * Whether its handler may promise: the contract says so, or it has done so before. Such a command is refused where too much is in
   * flight; one that has always answered at once never is.
   */
  answersLater: boolean

  constructor(
    readonly contract: CommandContract,
    /** With the interceptors around it. */
    readonly handler: CommandHandler,
    readonly recipes: Recipes,
    /** Undefined when results are not checked, or the contract says nothing of them. */
    private readonly checkResult: Check | undefined,
  ) {
    this.answersLater = contract.async
  }

  /**
   * The JSON text of a result.
   * @throws TypeError when it breaks the contract; as `jsonText` otherwise
   */
  text(result: unknown, maxBytes: number): string {
    const { constant } = this
    if (constant !== undefined && constant.result === result && constant.text.length <= maxBytes) return constant.text
    const checked = this.checked(result)
    const text = jsonText(checked, maxBytes)
    this.remember(checked, text, maxBytes)
    return text
  }

  /**
   * A result as JSON carries it.
   * @throws TypeError when it breaks the contract; as `jsonValue` otherwise
   */
  value(result: unknown, maxBytes: number): unknown {
    const { constant } = this
    if (constant !== undefined && constant.result === result) return constant.value
    const checked = this.checked(result)
    if (isConstant(checked)) this.remember(checked, jsonText(checked, maxBytes), maxBytes)
    return jsonValue(checked, maxBytes)
  }

  /**
   * A handler that returns nothing answers "OK", as OpenSIPS commands without a result do.
   * @throws TypeError when the result breaks the contract
   */
  checked(result: unknown): unknown {
    const given = result === undefined ? 'OK' : result
    const problem = this.checkResult?.(given)
    if (problem === undefined) return given
    throw new TypeError(`the result breaks the contract of ${this.contract.method}: ${problem}`)
  }

  private remember(result: unknown, text: string, maxBytes: number): void {
    if (isConstant(result)) this.constant = { result, text, value: Object.freeze(jsonValue(result, maxBytes)) }
  }
}

/** -32001: a bare name that several commands share. */
export class AmbiguousName extends CommandError {
  constructor(readonly commands: readonly Command[]) {
    const names = commands.map(({ contract }) => contract.method).join(', ')
    super(ErrorCode.MethodAmbiguous, undefined, `supported names: ${names}`)
  }
}

/** What a name means: a command, or why it means none. */
export type Resolution = Command | CommandError

/**
 * The commands of an engine, by all their names:
 * - `module:command`, the canonical name, or an alias that holds a colon;
 * - a bare name that one command alone has, else an alias;
 * - a bare name that several commands have is ambiguous.
 *
 * Source: OpenSIPS 4.0, mi/mi.c.
 */
export class Registry {
  private readonly validation = new Validation()
  private readonly byMethod = new Map<string, Command>()
  private readonly byAlias = new Map<string, Command>()
  private readonly byLocalName = new Map<string, Command[]>()
  /** Modules that are being started, whose names are taken already. */
  private readonly reserved = new Set<MiModule>()
  /** Names that were asked for and mean a command. */
  private readonly resolved = new Map<string, Command>()
  private lastName = ''
  private last: Command | undefined
  private readonly notFound = new CommandError(ErrorCode.MethodNotFound)

  /** @param interceptors around each handler, the outermost first */
  constructor(
    private readonly checkResults: boolean,
    private readonly interceptors: readonly Interceptor[],
  ) {}

  /** All commands, in the order of registration. */
  get commands(): Iterable<Command> {
    return this.byMethod.values()
  }

  /**
   * @throws TypeError, with nothing registered, for a name or alias that is taken: it names both modules
   * @throws TypeError for a parameter type that does not exist or a JSON Schema that does not compile
   */
  add(module: MiModule): void {
    this.assertFree(module)
    const commands = module.info.commands.map((contract) => this.compile(contract, module))
    for (const command of commands) this.enter(command)
    this.resolved.clear()
    this.last = undefined
  }

  /**
   * Keeps the names of a module for it while it is started, until it is added.
   * @returns gives them up
   * @throws TypeError as `add`
   */
  reserve(module: MiModule): () => void {
    this.assertFree(module)
    this.reserved.add(module)
    return () => void this.reserved.delete(module)
  }

  private assertFree(module: MiModule): void {
    if (this.reserved.has(module)) throw new TypeError(`module '${module.info.name}' is being registered already`)
    const starting = [...this.reserved].flatMap(({ info }) => info.commands)
    const seen = new Map(starting.flatMap(({ method, aliases }) => aliases.map((alias) => [alias, method] as const)))
    for (const { method, aliases } of module.info.commands) {
      const taken = this.byMethod.get(method)?.contract ?? starting.find((other) => other.method === method)
      if (taken !== undefined) {
        throw new TypeError(`module '${module.info.name}' registers '${method}', which module '${taken.module}' has`)
      }
      for (const alias of aliases) {
        const other = this.byAlias.get(alias)?.contract.method ?? seen.get(alias)
        if (other !== undefined) {
          throw new TypeError(
            `module '${module.info.name}' registers the alias '${alias}' for '${method}', ` +
              `which module '${other.split(':', 1)[0]}' has for '${other}'`,
          )
        }
        seen.set(alias, method)
      }
    }
  }

  resolve(name: string): Resolution {
    // Most requests ask for what the one before asked for, and comparing costs less than hashing.
    if (name === this.lastName && this.last !== undefined) return this.last
    return this.resolveOther(name)
  }

  private resolveOther(name: string): Resolution {
    const known = this.resolved.get(name)
    if (known !== undefined) return this.remember(name, known)
    const resolution = this.find(name)
    // Names that mean nothing are not kept: peers may send any number of them.
    if (resolution instanceof CommandError) return resolution
    this.resolved.set(name, resolution)
    return this.remember(name, resolution)
  }

  private remember(name: string, command: Command): Command {
    this.lastName = name
    this.last = command
    return command
  }

  private find(name: string): Resolution {
    const command = this.byMethod.get(name)
    if (command !== undefined) return command
    const sharers = this.byLocalName.get(name)
    const [only] = sharers ?? []
    if (only !== undefined && sharers?.length === 1) return only
    const aliased = this.byAlias.get(name)
    if (aliased !== undefined) return aliased
    if (sharers === undefined) return this.notFound
    return new AmbiguousName(sharers)
  }

  private compile(contract: CommandContract, module: MiModule): Command {
    const handler = module.handlers[contract.name]
    if (handler === undefined) throw new TypeError(`command '${contract.method}' has no handler`)
    const { method, result } = contract
    const checkResult =
      this.checkResults && result !== undefined ? this.validation.forResult(method, result) : undefined
    const recipes = new Recipes(contract, this.validation)
    return new Command(contract, intercepted(contract, handler, this.interceptors), recipes, checkResult)
  }

  private enter(command: Command): void {
    const { method, name, aliases } = command.contract
    this.byMethod.set(method, command)
    for (const alias of aliases) this.byAlias.set(alias, command)
    const sharers = this.byLocalName.get(name)
    if (sharers === undefined) this.byLocalName.set(name, [command])
    else sharers.push(command)
  }
}

/** Once, at registration: a command without interceptors pays nothing. */
function intercepted(
  contract: CommandContract,
  handler: CommandHandler,
  interceptors: readonly Interceptor[],
): CommandHandler {
  return interceptors.reduceRight<CommandHandler>(
    (next, interceptor) => (params: unknown, context: CommandContext) =>
      interceptor(contract, params, context, () => next(params, context)),
    handler,
  )
}
