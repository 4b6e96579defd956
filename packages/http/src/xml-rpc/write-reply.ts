import type { JsonRpcError, Outcome } from '@mi/contract'

/** The texts of mi_xmlrpc_ng for the errors of the protocol; those of commands stay as they are. */
const FAULTS: ReadonlyMap<number, string> = new Map([
  [-32700, 'parse error. not well formed'],
  [-32600, 'server error. invalid xml-rpc. not conforming to spec.'],
  [-32601, 'server error. requested method not found'],
  [-32602, 'server error. invalid method parameters'],
  [-32000, 'server error'],
])

/** Puts a `methodResponse` together. */
export function writeReply(outcome: Outcome): string {
  if (outcome.error !== undefined) return writeFault(outcome.error)
  return document(`<params><param>\r\n<value>${valueText(outcome.value)}</value></param></params>`)
}

/** @param error what `data` says follows the text, after a colon */
export function writeFault({ code, message, data }: JsonRpcError): string {
  const text = FAULTS.get(code) ?? message
  const faultString = data === undefined ? text : `${text}: ${typeof data === 'string' ? data : JSON.stringify(data)}`
  return document(`<fault>\r\n<value>${valueText({ faultCode: code, faultString })}</value></fault>`)
}

function document(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\r\n<methodResponse>\r\n${content}\r\n</methodResponse>\r\n`
}

/** @param value what JSON can carry */
function valueText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `<string>${escaped(value)}</string>`
    case 'number':
      return value === (value | 0) ? `<int>${value | 0}</int>` : `<double>${decimal(value)}</double>`
    case 'boolean':
      return `<boolean>${value ? 1 : 0}</boolean>`
    default:
      break
  }
  if (Array.isArray(value)) {
    return `<array><data>${value.map((item) => `<value>${valueText(item)}</value>`).join('')}</data></array>`
  }
  if (typeof value !== 'object' || value === null) return '<nil/>'
  const members = Object.entries(value).map(
    ([name, item]) => `<member><name>${escaped(name)}</name><value>${valueText(item)}</value></member>`,
  )
  return `<struct>${members.join('')}</struct>`
}

/** The specification knows no exponents. */
function decimal(value: number): string {
  const text = String(value)
  if (!text.includes('e')) return text
  return Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(20).replace(/\.?0+$/, '')
}

/** A carriage return would be read as a line feed; what XML cannot carry at all becomes U+FFFD. */
function escaped(text: string): string {
  return text
    .replace(/[&<>\r]/g, (character) => ENTITIES.get(character) ?? character)
    .replace(/[^\P{Cc}\t\n\x7f-\x9f]|[\ufffe\uffff]/gu, '\ufffd')
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['\r', '&#13;'],
])
