import type { MiHost, MiTracer } from '@mi/contract'

/** An engine that a worker thread serves: what `createMi` of @mi/core returns. */
export interface WorkerEngine extends MiHost {
  listen(): Promise<void>
  close(): Promise<void>
}

/** What the engine's file exports. */
export interface EngineFile {
  readonly mi: WorkerEngine
  /** Sees the calls of the script. */
  readonly tracer: MiTracer | undefined
}

/**
 * Imports the file of an engine.
 * @throws TypeError when it exports no engine under the name `mi`, or a `tracer` that is none; what importing it throws
 */
export async function loadEngine(url: string): Promise<EngineFile> {
  const { mi, tracer }: Record<string, unknown> = await import(url)
  if (!isEngine(mi)) {
    throw new TypeError(`${url} exports no engine: export const mi = createMi({ modules: [...] })`)
  }
  if (tracer !== undefined && !isTracer(tracer)) throw new TypeError(`${url} exports a tracer that is no MiTracer`)
  return { mi, tracer }
}

function isEngine(value: unknown): value is WorkerEngine {
  return has(value, 'attach') && has(value, 'listen') && has(value, 'close')
}

function isTracer(value: unknown): value is MiTracer {
  return has(value, 'request') && has(value, 'reply')
}

function has(value: unknown, method: string): boolean {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, method) === 'function'
}
