export { array, int, literal, type OptionalProperty, object, oneOf, optional, schema, string } from './builders.js'
export type {
  AbortListener,
  ClientMessage,
  ClientReply,
  ClientTransport,
  ParsedReply,
  RequestSignal,
} from './client-transport.js'
export type { CommandContract, CommandDefinition, CommandLevel, ParamsOf, Recipe, ResultOf } from './command.js'
export { coreContract } from './core-contract.js'
export {
  CommandError,
  ErrorCode,
  invalidParams,
  isCommandError,
  isMiError,
  MiError,
  type MiErrorCode,
} from './errors.js'
export type { EventSource, MiEvent, MiEventListener, MiEvents } from './events.js'
export type { AccessCheck, Caller, Interceptor, MiHost } from './host.js'
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
export { expandType, type JsonSchema, type JsonSchemaOptions, jsonSchemaOf } from './json-schema.js'
export { defineModule, type ModuleContract, type ModuleInfo, moduleInfo } from './module-contract.js'
export type { LogMethod, MiLogger, MiTracer, TracedRequest } from './observability.js'
export type { IpEndpoint, MiPeer } from './peer.js'
export type { Children, ChildrenOptions } from './processes.js'
export type {
  CreateTransport,
  Dispatcher,
  DispatchOptions,
  DispatchSettings,
  Execute,
  ExecuteOptions,
  Inherited,
  Outcome,
  ServerTransport,
} from './server-transport.js'
export { statisticsContract } from './statistics-contract.js'
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
