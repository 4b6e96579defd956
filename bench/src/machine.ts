import { cpus } from 'node:os'

/** Where and when: a figure without it cannot be repeated. */
export function machine(): string {
  const processors = cpus()
  const model = processors[0]?.model.trim() ?? 'unknown processor'
  return `Node.js ${process.version}, ${process.platform} ${process.arch}, ${processors.length} x ${model}, ${new Date().toISOString().slice(0, 10)}`
}
