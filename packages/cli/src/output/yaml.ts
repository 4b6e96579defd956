import { printable } from './printable.js'

/** YAML 1.2, with long texts on one line each. What would steer a terminal is escaped, and reads back as it was. */
export async function yaml(value: unknown): Promise<string> {
  const { Document, visit } = await import('yaml')
  const document = new Document(value)
  visit(document, {
    // Escapes mean something within double quotes alone.
    Scalar: (_, scalar) => {
      const text = scalar.value
      if (typeof text === 'string' && printable(text) !== text) scalar.type = 'QUOTE_DOUBLE'
    },
  })
  // One line end alone: more of them are the end of a text.
  return printable(document.toString({ lineWidth: 0 })).replace(/\n$/, '')
}
