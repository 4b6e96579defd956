import { MiError } from '@mi/contract'
import type { OutputFormat } from '../arguments/options.js'
import { linesOf, lineText } from './lines.js'
import { pretty } from './pretty.js'
import { printableJson } from './printable.js'
import type { Style } from './style.js'
import { table } from './table.js'
import { yaml } from './yaml.js'

/**
 * A result as text, without a line end behind it; '' for a result that has no lines.
 * @throws MiError `MI_PROTOCOL` for what is nested too deeply for the stack, or becomes longer than a text may be
 */
export async function render(value: unknown, format: OutputFormat, style: Style): Promise<string> {
  try {
    return await text(value, format, style)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new MiError(
      'MI_PROTOCOL',
      `the result is nested too deeply, or is too long, to be printed: ${cause.message}`,
      {
        cause,
      },
    )
  }
}

async function text(value: unknown, format: OutputFormat, style: Style): Promise<string> {
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
