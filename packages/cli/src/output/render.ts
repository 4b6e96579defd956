import type { OutputFormat } from '../arguments/options.js'
import { linesOf, lineText } from './lines.js'
import { pretty } from './pretty.js'
import { printableJson } from './printable.js'
import type { Style } from './style.js'
import { table } from './table.js'
import { yaml } from './yaml.js'

/** A result as text, without a line end behind it; '' for a result that has no lines. */
export async function render(value: unknown, format: OutputFormat, style: Style): Promise<string> {
  switch (format) {
    case 'pretty':
      return pretty(value, style)
    case 'json':
      return printableJson(JSON.stringify(value))
    case 'lines':
      return linesOf(value).map(lineText).join('\n')
    case 'yaml':
      return yaml(value)
    case 'table':
      return table(value, style)
  }
}
