/** What variables and AVPs hold. */
export type ScriptValue = string | number

/** A variable of a script, which holds one value or none: `$var(name)` of OpenSIPS. */
export interface ScriptVariable extends Iterable<ScriptValue> {
  readonly name: string
  get(): ScriptValue | undefined
  /**
   * @param value undefined is none
   * @throws TypeError for what is neither a text nor a finite number
   */
  set(value: ScriptValue | undefined): void
  clear(): void
}

/** A list of values under one name: `$avp(name)` of OpenSIPS. Differs: its order is that of pushing, the first one first. */
export interface ScriptAvp extends Iterable<ScriptValue> {
  readonly name: string
  readonly length: number
  /**
   * @param index from 0, the value that was pushed first; from -1 backwards, the one that was pushed last @default 0
   * @returns undefined where there is none
   */
  get(index?: number): ScriptValue | undefined
  /**
   * Holds this value alone from now on.
   * @param value undefined is none
   * @throws TypeError for what is neither a text nor a finite number
   */
  set(value: ScriptValue | undefined): void
  /**
   * Adds values behind the others, as assigning to an AVP does in OpenSIPS.
   * @throws TypeError, with nothing added, for what is neither a text nor a finite number
   */
  push(...values: ScriptValue[]): void
  clear(): void
}

/** `ScriptVariable` as it is made. */
export class Variable implements ScriptVariable {
  private value: ScriptValue | undefined

  constructor(readonly name: string) {}

  get(): ScriptValue | undefined {
    return this.value
  }

  set(value: ScriptValue | undefined): void {
    if (value !== undefined) assertValue(`variable '${this.name}'`, value)
    this.value = value
  }

  clear(): void {
    this.value = undefined
  }

  *[Symbol.iterator](): Iterator<ScriptValue> {
    if (this.value !== undefined) yield this.value
  }
}

/** `ScriptAvp` as it is made. */
export class Avp implements ScriptAvp {
  private values: ScriptValue[] = []

  constructor(readonly name: string) {}

  get length(): number {
    return this.values.length
  }

  get(index = 0): ScriptValue | undefined {
    return this.values.at(index)
  }

  set(value: ScriptValue | undefined): void {
    if (value !== undefined) assertValue(`AVP '${this.name}'`, value)
    this.values = value === undefined ? [] : [value]
  }

  push(...values: ScriptValue[]): void {
    for (const value of values) assertValue(`AVP '${this.name}'`, value)
    this.values.push(...values)
  }

  clear(): void {
    this.values = []
  }

  [Symbol.iterator](): Iterator<ScriptValue> {
    return this.values.values()
  }
}

/** Of callers without TypeScript: what is no JSON would reach the command as it is. */
export function assertValue(holder: string, value: unknown): void {
  if (typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))) return
  throw new TypeError(`${holder} holds texts and finite numbers, not ${String(value)}`)
}
