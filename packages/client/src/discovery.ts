import { ErrorCode, isCommandError } from '@mi/contract'
import type { CallLimits, Calls } from './calls.js'
import { ownTimeout } from './client-options.js'
import { LookUps } from './look-ups.js'
import type { CommandHelp } from './mi-client.js'
import { protocolError } from './protocol-error.js'

/** How many commands' recipes and helps are kept: some four times what OpenSIPS has. */
const maxKept = 1024

/** The only entry of the list of commands. */
const all = ''

/** What the server says of its own commands, by `which` and `help`; kept until it is forgotten. */
export class Discovery {
  private readonly lists: LookUps<readonly string[]>
  private readonly recipeLists: LookUps<readonly (readonly string[])[]>
  private readonly helps: LookUps<CommandHelp>

  constructor(private readonly calls: Calls) {
    this.lists = new LookUps(() => this.readCommands(), 1)
    this.recipeLists = new LookUps((name) => this.readRecipes(name), maxKept)
    this.helps = new LookUps((name) => this.readHelp(name), maxKept)
  }

  /** @param fresh forgets all that is kept, and asks */
  commands(fresh: boolean, limits: CallLimits): Promise<readonly string[]> {
    if (fresh) this.forget()
    return this.calls.wait('the list of commands', this.lists.get(all), limits)
  }

  recipes(name: string, fresh: boolean, limits: CallLimits): Promise<readonly (readonly string[])[]> {
    return this.calls.wait(`the recipes of '${name}'`, this.recipeLists.get(name, fresh), limits)
  }

  help(name: string, fresh: boolean, limits: CallLimits): Promise<CommandHelp> {
    return this.calls.wait(`the help of '${name}'`, this.helps.get(name, fresh), limits)
  }

  /** The server may be another one now. */
  forget(): void {
    this.lists.clear()
    this.recipeLists.clear()
    this.helps.clear()
  }

  private async readCommands(): Promise<readonly string[]> {
    const list = await this.ask('which', undefined)
    if (!isStrings(list)) throw this.noAnswer('which', 'a list of commands', list)
    return Object.freeze([...list])
  }

  private async readRecipes(name: string): Promise<readonly (readonly string[])[]> {
    const recipes = await this.ask('which', [name])
    // An empty list has no recipes; `which` of a module, `cache:`, has names in their place.
    if (!Array.isArray(recipes) || !recipes.every(isStrings)) throw this.noAnswer('which', 'recipes', recipes)
    return Object.freeze(recipes.map((recipe) => Object.freeze([...recipe])))
  }

  private async readHelp(name: string): Promise<CommandHelp> {
    const help = await this.ask('help', [name])
    if (!isHelp(help)) throw this.noAnswer('help', 'a help text', help)
    return Object.freeze({ ...help })
  }

  /** Asks under the name that every release knows, within the limits of the client: others may wait for it too. */
  private async ask(command: 'which' | 'help', params: readonly string[] | undefined): Promise<unknown> {
    const limits: CallLimits = { signal: undefined, timeoutMs: ownTimeout(this.calls.timeoutMs) }
    try {
      return await this.calls.call(command, params, limits)
    } catch (error) {
      // Another module of the server has a command of that name.
      if (isCommandError(error, ErrorCode.MethodAmbiguous)) return this.calls.call(`core:${command}`, params, limits)
      throw error
    }
  }

  private noAnswer(command: string, wanted: string, result: unknown): Error {
    return protocolError(`'${command}' over ${this.calls.where} answered no ${wanted}`, JSON.stringify(result))
  }
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function isHelp(value: unknown): value is CommandHelp {
  if (typeof value !== 'object' || value === null || !('Help' in value) || typeof value.Help !== 'string') return false
  return !('Exported by' in value) || typeof value['Exported by'] === 'string'
}
