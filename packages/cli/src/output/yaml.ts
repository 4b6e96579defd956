import { printable } from './printable.js'

/** YAML 1.2, with long texts on one line each. Control characters are escaped. */
export async function yaml(value: unknown): Promise<string> {
  const { stringify } = await import('yaml')
  return printable(stringify(value, { lineWidth: 0 })).trimEnd()
}
