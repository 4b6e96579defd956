import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { MiTracer } from '@mi/contract'

/**
 * The `file:` URL of the module whose commands child processes serve.
 * @param factory for the message: `http()`
 * @throws TypeError for what is not one
 */
export function childModuleUrl(factory: string, module: URL | string): string {
  const text = typeof module === 'string' && isAbsolute(module) ? pathToFileURL(module).href : String(module)
  if (text.startsWith('file:') && URL.canParse(text)) return text
  throw new TypeError(
    `${factory}: childModule must be a file: URL, such as new URL('./commands.js', import.meta.url), or an absolute path, ` +
      `not ${JSON.stringify(text)}`,
  )
}

/**
 * The tracer that such a module exports, if it does.
 * @throws TypeError when its export `tracer` is not a tracer
 */
export async function exportedTracer(module: string): Promise<MiTracer | undefined> {
  const exports: unknown = await import(module)
  if (typeof exports !== 'object' || exports === null || !('tracer' in exports)) return undefined
  const { tracer } = exports
  if (tracer === undefined || isTracer(tracer)) return tracer
  throw new TypeError(`the export 'tracer' of ${module} is not a MiTracer: it must have the methods request and reply`)
}

function isTracer(value: unknown): value is MiTracer {
  if (typeof value !== 'object' || value === null || !('request' in value) || !('reply' in value)) return false
  return typeof value.request === 'function' && typeof value.reply === 'function'
}
