import type { Exchange } from './exchange.js'
import type { ResolvedHandlerOptions } from './options.js'
import { quoted, Refusal } from './refusal.js'

/** What is at a path. */
export type Resource = 'json-rpc' | 'xml-rpc' | 'events' | 'health' | 'openrpc'

export interface Route {
  readonly resource: Resource
  /** A browser asks what it may send. */
  readonly isPreflight: boolean
}

/** Finds what a request is for, by its path and method. */
export class Routes {
  private readonly resources: ReadonlyMap<string, Resource>

  /** @param curl how to ask, for messages */
  constructor(
    private readonly options: ResolvedHandlerOptions,
    private readonly curl: () => string,
  ) {
    const { path, events, xmlRpcPath } = options
    this.resources = new Map<string, Resource>([
      [path, 'json-rpc'],
      [`${path}/health`, 'health'],
      [`${path}/openrpc.json`, 'openrpc'],
      ...(events ? [[`${path}/events`, 'events'] as const] : []),
      ...(xmlRpcPath === undefined ? [] : [[xmlRpcPath, 'xml-rpc'] as const]),
    ])
  }

  /** @throws Refusal */
  find({ target, method }: Exchange): Route {
    const resource = this.resources.get(target) ?? this.resources.get(pathOf(target))
    if (resource === undefined) {
      throw new Refusal(
        404,
        'not_found',
        `there is nothing at ${quoted(target)}: send requests to ${this.options.path}`,
      )
    }
    const isPost = resource === 'json-rpc' || resource === 'xml-rpc'
    if (isPost ? method === 'POST' : method === 'GET' || (method === 'HEAD' && resource !== 'events')) {
      return { resource, isPreflight: false }
    }
    if (method === 'OPTIONS' && this.options.cors.size > 0) return { resource, isPreflight: true }
    const advice = isPost ? `send a POST${resource === 'json-rpc' ? `, as in ${this.curl()}` : ''}` : 'send a GET'
    throw new Refusal(405, 'wrong_method', `${method} is not possible here: ${advice}`, {
      Allow: isPost ? 'POST' : resource === 'events' ? 'GET' : 'GET, HEAD',
    })
  }
}

/** Without the query, and without the server's name, which a proxy may put in front. */
function pathOf(target: string): string {
  return target.replace(/^https?:\/\/[^/]*/i, '').split('?', 1)[0] ?? ''
}
