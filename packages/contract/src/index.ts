export { array, int, literal, type OptionalProperty, object, oneOf, optional, schema, string } from './builders.js'
export type { CallAnswer, Caller, MiHost } from './caller.js'
export type { CommandContract, CommandDefinition, ParamsOf, Recipe, ResultOf } from './command.js'
export {
  CommandError,
  ErrorCode,
  invalidParams,
  isCommandError,
  isMiError,
  MiError,
  type MiErrorCode,
} from './errors.js'
export {
  type CommandContext,
  type CommandHandler,
  type Handlers,
  implement,
  isMiModule,
  type MiModule,
  type ModuleHooks,
  type ModuleStatistic,
} from './implement.js'
export type {
  JsonRpcError,
  JsonRpcFailure,
  JsonRpcId,
  JsonRpcParams,
  JsonRpcRequest,
  JsonRpcResponse,
  JsonRpcSuccess,
} from './json-rpc.js'
export { defineModule, type ModuleContract, type ModuleInfo, moduleInfo } from './module-contract.js'
export type { LogMethod, MiLogger, MiTracer, TracedRequest } from './observability.js'
export type { IpEndpoint, MiPeer } from './peer.js'
export type {
  Children,
  ChildrenOptions,
  ClientMessage,
  ClientTransport,
  CreateTransport,
  Dispatcher,
  DispatchSettings,
  Inherited,
  ServerTransport,
} from './transport.js'
export type {
  ArraySpec,
  IntSpec,
  LiteralSpec,
  LiteralValue,
  ObjectSpec,
  OneOfSpec,
  SchemaSpec,
  Spec,
  Static,
  StringSpec,
  TypeSpec,
  TypeWord,
} from './types.js'
