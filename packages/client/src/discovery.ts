import { ErrorCode, isCommandError } from '@mi/contract'
import { exactJson, isExactNumber } from './numbers.js'
import { peerText } from './peer-text.js'
import { protocolError } from './read-reply.js'
import type { Limits, Requests } from './requests.js'
import type { CommandHelp } from './types.js'

/** How many commands' recipes and helps are kept: some four times what OpenSIPS has. */
const MAX_KEPT = 1024

const DECIMAL = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i

/** The only entry of the list of commands. */
const ALL = ''

/** What the server says about its own commands, by `which` and `help`; kept until it is forgotten. */
export class Discovery {
  private readonly lists: LookUps<readonly string[]>
  private readonly recipeLists: LookUps<readonly (readonly string[])[]>
  private readonly helps: LookUps<CommandHelp>

  constructor(private readonly requests: Requests) {
    this.lists = new LookUps(() => this.readCommands(), 1)
    this.recipeLists = new LookUps((name) => this.readRecipes(name), MAX_KEPT)
    this.helps = new LookUps((name) => this.readHelp(name), MAX_KEPT)
  }

  /** @param fresh forgets all that is kept, and asks again */
  commands(fresh: boolean, limits: Limits): Promise<readonly string[]> {
    if (fresh) this.forget()
    return this.requests.wait('the list of commands', this.lists.get(ALL), limits)
  }

  recipes(name: string, fresh: boolean, limits: Limits): Promise<readonly (readonly string[])[]> {
    return this.requests.wait(`the recipes of '${name}'`, this.recipeLists.get(name, fresh), limits)
  }

  help(name: string, fresh: boolean, limits: Limits): Promise<CommandHelp> {
    return this.requests.wait(`the help of '${name}'`, this.helps.get(name, fresh), limits)
  }

  /** The server may be another one now. */
  forget(): void {
    this.lists.clear()
    this.recipeLists.clear()
    this.helps.clear()
  }

  private async readCommands(): Promise<readonly string[]> {
    const list = await this.ask('which', undefined)
    if (!isStrings(list)) throw this.unexpected('which', 'a list of commands', list)
    return Object.freeze([...list])
  }

  private async readRecipes(name: string): Promise<readonly (readonly string[])[]> {
    const recipes = await this.ask('which', [name])
    // An empty list has no recipes; `which` of a module, `cache:`, has names in their place.
    if (!Array.isArray(recipes) || !recipes.every(isStrings)) throw this.unexpected('which', 'recipes', recipes)
    return Object.freeze(recipes.map((recipe) => Object.freeze([...recipe])))
  }

  private async readHelp(name: string): Promise<CommandHelp> {
    const help = await this.ask('help', [name])
    if (!isHelp(help)) throw this.unexpected('help', 'a help text', help)
    return Object.freeze({ ...help })
  }

  /** Asks under the name that every release knows, within the limits of the client: others may wait for it too. */
  private async ask(command: 'which' | 'help', params: readonly string[] | undefined): Promise<unknown> {
    const limits = this.requests.ownLimits
    try {
      return await this.requests.call(command, params, limits)
    } catch (error) {
      // Another module of the server has a command of that name.
      if (isCommandError(error, ErrorCode.MethodAmbiguous)) return this.requests.call(`core:${command}`, params, limits)
      throw error
    }
  }

  private unexpected(command: string, wanted: string, result: unknown): Error {
    return protocolError(`'${command}' over ${this.requests.where} did not answer ${wanted}`, exactJson(result))
  }
}

/** What was asked once and is kept. Callers that ask for the same at the same time share the reply; a failure is not kept. */
class LookUps<T> {
  private readonly found = new Map<string, Promise<T>>()

  /**
   * @param look asks the server
   * @param limit how many replies are kept; beyond it the oldest is forgotten
   */
  constructor(
    private readonly look: (key: string) => Promise<T>,
    private readonly limit: number,
  ) {}

  /** @param fresh asks again, whatever is kept */
  get(key: string, fresh = false): Promise<T> {
    const kept = fresh ? undefined : this.found.get(key)
    if (kept !== undefined) return kept
    const reply = this.look(key)
    this.found.delete(key)
    this.found.set(key, reply)
    for (const oldest of this.found.keys()) {
      if (this.found.size <= this.limit) break
      this.found.delete(oldest)
    }
    reply.catch(() => {
      // Those who await it see the failure; here it is only kept from being handed out again.
      if (this.found.get(key) === reply) this.found.delete(key)
    })
    return reply
  }

  clear(): void {
    this.found.clear()
  }
}

/** @throws TypeError for anything but a list of names, and for an empty one, which servers refuse */
export function statisticNames(names: readonly string[]): string[] {
  const given: unknown = names
  if (isStrings(given) && given.length > 0 && !given.includes('')) return [...given]
  throw new TypeError("statistics(): name at least one statistic: ['core:rcv_requests'], ['tm:'] or ['all']")
}

/**
 * Values as numbers, whether they came as numbers or as decimal text. Beyond 2^53 they are the nearest number.
 * @throws MiError `MI_PROTOCOL` for anything but an object of numbers
 */
export function toNumbers(where: string, result: unknown): Record<string, number> {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) {
    throw protocolError(`no statistics came from ${where}`, exactJson(result))
  }
  const numbers = Object.entries(result).map(([name, value]): [string, number] => {
    if (typeof value === 'number') return [name, value]
    if (typeof value === 'bigint' || isExactNumber(value)) return [name, Number(value)]
    if (typeof value === 'string' && DECIMAL.test(value.trim())) return [name, Number(value)]
    throw protocolError(`statistic '${peerText(name)}' from ${where} is not a number`, exactJson(value))
  })
  return Object.fromEntries(numbers)
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function isHelp(value: unknown): value is CommandHelp {
  if (typeof value !== 'object' || value === null || !('Help' in value) || typeof value.Help !== 'string') return false
  return !('Exported by' in value) || typeof value['Exported by'] === 'string'
}
