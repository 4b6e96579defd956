import {
  type CommandContext,
  type CommandDefinition,
  type Dispatcher,
  type DispatchSettings,
  defineModule,
  type Handlers,
  implement,
  type MiModule,
  type ModuleContract,
  type ModuleHooks,
  type Recipe,
  type ServerTransport,
} from '@mi/contract'
import type { Mi } from '../src/index.js'

export type LooseHandler = (params: Record<string, unknown>, ctx: CommandContext) => unknown

/** A module of one command with the given recipes and handler. */
export function oneCommand(
  method: string,
  recipes: readonly Recipe[],
  handler: LooseHandler,
  more: Partial<CommandDefinition> & ModuleHooks = {},
): MiModule {
  const [module = '', command = ''] = method.split(':')
  const contract: ModuleContract = defineModule(module, { [command]: { ...more, recipes } })
  return implement(contract, { [command]: handler } as Handlers<ModuleContract>, more)
}

/** Calls a command and parses the answer. */
export async function call(mi: Mi, method: string, params?: unknown): Promise<{ result?: unknown; error?: unknown }> {
  const reply = await mi.dispatch(JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 }))
  return JSON.parse(String(reply))
}

/** A transport that is called by hand and records what became of it. */
export class HandTransport implements ServerTransport {
  readonly address = 'by hand'
  readonly log: string[] = []
  dispatcher: Dispatcher | undefined

  constructor(
    readonly name: string,
    readonly settings: DispatchSettings = {},
    private readonly failure?: Error,
  ) {}

  async listen(dispatcher: Dispatcher): Promise<void> {
    this.log.push('listen')
    if (this.failure !== undefined) throw this.failure
    this.dispatcher = dispatcher
  }

  async close(): Promise<void> {
    this.log.push('close')
  }

  ask(method: string, params?: unknown) {
    return this.dispatcher?.dispatch(JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 }), {
      transport: this.name,
    })
  }
}

/** A promise, and the function that settles it. */
export function deferred<T>() {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
