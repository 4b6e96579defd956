import type { Script } from '../src/index.js'

/** A call of `mi()` as a routing script of OpenSIPS has it, taken apart. */
export interface ScriptLine {
  /** Values for AVPs, in the order of assignment. */
  readonly assignments: readonly { readonly avp: string; readonly value: string | number }[]
  readonly command: string
  /** Names of variables and AVPs; undefined where the line has none. */
  readonly retVar: string | undefined
  readonly paramsAvp: string | undefined
  readonly valsAvp: string | undefined
}

const TEXT = '"((?:[^"\\\\]|\\\\.)*)"'
const ASSIGNMENT = new RegExp(`^\\$avp\\((\\w+)\\)=(?:${TEXT}|(-?\\d+));`)
const CALL = new RegExp(
  `^mi\\(${TEXT}(?:,(?:\\$var\\((\\w+)\\))?)?(?:,(?:\\$avp\\((\\w+)\\))?)?(?:,\\$avp\\((\\w+)\\))?\\);$`,
)

/** @throws Error for a line that is not of the form `$avp(p)="a";$avp(v)=1;mi("command",$var(r),$avp(p),$avp(v));` */
export function readScriptLine(line: string): ScriptLine {
  const assignments: { avp: string; value: string | number }[] = []
  let rest = line.trim()
  for (let found = ASSIGNMENT.exec(rest); found !== null; found = ASSIGNMENT.exec(rest)) {
    const [whole, avp = '', text, number] = found
    assignments.push({ avp, value: text === undefined ? Number(number) : unescaped(text) })
    rest = rest.slice(whole.length).trim()
  }
  const call = CALL.exec(rest.replaceAll(/,\s+/g, ','))
  if (call === null) throw new Error(`not a script line: ${line}`)
  const [, command = '', retVar, paramsAvp, valsAvp] = call
  return { assignments, command: unescaped(command), retVar, paramsAvp, valsAvp }
}

/** The arguments of `mi()`, with the AVPs filled. */
export function argumentsOf(script: Script, line: ScriptLine): Parameters<Script['mi']> {
  const { assignments, command, retVar, paramsAvp, valsAvp } = line
  for (const { avp, value } of assignments) script.avp(avp).push(value)
  return [
    command,
    retVar === undefined ? undefined : script.var(retVar),
    paramsAvp === undefined ? undefined : script.avp(paramsAvp),
    valsAvp === undefined ? undefined : script.avp(valsAvp),
  ]
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, '$1')
}
