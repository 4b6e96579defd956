import { SaxesParser } from 'saxes'

/** A call as it was sent. */
export interface XmlRpcCall {
  readonly method: string
  /** By name where the only parameter is a struct. */
  readonly params: readonly unknown[] | Readonly<Record<string, unknown>> | undefined
}

/** What is wrong with a call, for the fault. */
export class XmlRpcError extends Error {
  override readonly name = 'XmlRpcError'

  constructor(
    readonly code: -32700 | -32600,
    readonly detail?: string | undefined,
  ) {
    super(detail)
  }
}

/** Elements within each other: far more than any call needs. */
const MOST_DEPTH = 100

interface Element {
  readonly name: string
  readonly children: Element[]
  text: string
}

/**
 * Reads a `methodCall`. Names of elements may be in any case, as for mi_xmlrpc_ng.
 * @throws XmlRpcError
 */
export function readCall(text: string): XmlRpcCall {
  const root = readDocument(text)
  const method = only(root, 'methodname')
  if (root.name !== 'methodcall' || method === undefined || method.text.trim() === '' || method.children.length > 0)
    throw notConforming()
  const list = only(root, 'params')?.children ?? []
  const params = list.map((param) => {
    const value = only(param, 'value')
    if (param.name !== 'param' || value === undefined) throw notConforming()
    return readValue(value)
  })
  const [first] = params
  return {
    method: method.text.trim(),
    params: params.length === 1 && isStruct(first) ? first : params.length > 0 ? params : undefined,
  }
}

/** No entities but those of XML, no document type: nothing in the text grows. */
function readDocument(text: string): Element {
  const parser = new SaxesParser()
  const top: Element = { name: '', children: [], text: '' }
  const open = [top]
  parser.on('error', () => {
    throw new XmlRpcError(-32700)
  })
  parser.on('doctype', () => {
    throw new XmlRpcError(-32700, 'doctype')
  })
  parser.on('opentag', ({ name }) => {
    if (open.length > MOST_DEPTH) throw notConforming(`more than ${MOST_DEPTH} elements within each other`)
    const element: Element = { name: name.toLowerCase(), children: [], text: '' }
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  const addText = (piece: string): void => {
    const element = open.at(-1)
    if (element !== undefined) element.text += piece
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => void open.pop())
  parser.write(text).close()
  const [root] = top.children
  if (root === undefined) throw new XmlRpcError(-32700)
  return root
}

function readValue(value: Element): unknown {
  const [typed, ...more] = value.children
  // The specification: a value without a type is a string.
  if (typed === undefined) return value.text
  if (more.length > 0 || value.text.trim() !== '') throw notConforming()
  const { name, text, children } = typed
  switch (name) {
    case 'array': {
      const data = only(typed, 'data')
      if (data === undefined) throw notConforming()
      return data.children.map((item) => {
        if (item.name !== 'value') throw notConforming()
        return readValue(item)
      })
    }
    case 'struct':
      // No prototype: `__proto__` is a name like others.
      return Object.assign(Object.create(null), Object.fromEntries(children.map(readMember)))
    default:
      if (children.length > 0) throw notConforming()
      return readScalar(name, text)
  }
}

function readMember(member: Element): [string, unknown] {
  const name = only(member, 'name')
  const value = only(member, 'value')
  if (member.name !== 'member' || name === undefined || value === undefined) throw notConforming()
  return [name.text, readValue(value)]
}

function readScalar(type: string, text: string): unknown {
  switch (type) {
    case 'string':
      return text
    case 'int':
    case 'i4': {
      const number = Number(text)
      if (!/^\s*[+-]?\d+\s*$/.test(text) || number !== (number | 0))
        throw notConforming(`${type} must be an integer of 32 bits`)
      return number
    }
    case 'double':
      if (!/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) || !Number.isFinite(Number(text)))
        throw notConforming('double must be a number')
      return Number(text)
    case 'boolean':
      if (!/^\s*[01]\s*$/.test(text)) throw notConforming('boolean must be 0 or 1')
      return text.trim() === '1'
    case 'nil':
    case 'ex:nil':
      return null
    default:
      throw notConforming('use string, int, i4, boolean, double, array, struct or nil')
  }
}

function only(parent: Element, name: string): Element | undefined {
  const found = parent.children.filter((child) => child.name === name)
  if (found.length > 1) throw notConforming()
  return found[0]
}

function isStruct(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function notConforming(detail?: string): XmlRpcError {
  return new XmlRpcError(-32600, detail)
}
