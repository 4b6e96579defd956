import { shown } from '@mi/internal/options'

/** A value of a variable or AVP. */
export type ScriptValue = string | number

/** A variable of a script, which holds one value or none: `$var(name)` of OpenSIPS. */
export interface ScriptVariable extends Iterable<ScriptValue> {
  readonly name: string
  /** The `data` of the error whose message a call left here: for -32602 what is wrong with the parameters; else undefined. */
  readonly data: unknown
  get(): ScriptValue | undefined
  /**
   * @param value undefined empties the variable
   * @param data becomes `data` @default undefined
   * @throws TypeError for a value that is neither a string nor a finite number
   */
  set(value: ScriptValue | undefined, data?: unknown): void
  clear(): void
}

/** A list of values under one name: `$avp(name)` of OpenSIPS. Differs: its order is that of pushing, the first one first. */
export interface ScriptAvp extends Iterable<ScriptValue> {
  readonly name: string
  readonly length: number
  /**
   * @param index from 0, the value that was pushed first; from -1 backwards, the one that was pushed last @default 0
   * @returns undefined where there is no value
   */
  get(index?: number): ScriptValue | undefined
  /**
   * Replaces all values by this one.
   * @param value undefined empties the list
   * @throws TypeError for a value that is neither a string nor a finite number
   */
  set(value: ScriptValue | undefined): void
  /**
   * Adds values after the others, as assigning to an AVP does in OpenSIPS.
   * @throws TypeError, with nothing added, for a value that is neither a string nor a finite number
   */
  push(...values: ScriptValue[]): void
  clear(): void
}

export class Variable implements ScriptVariable {
  data: unknown
  private value: ScriptValue | undefined

  constructor(readonly name: string) {}

  get(): ScriptValue | undefined {
    return this.value
  }

  set(value: ScriptValue | undefined, data?: unknown): void {
    if (value !== undefined) assertValue(`variable '${this.name}'`, value)
    this.value = value
    this.data = data
  }

  clear(): void {
    this.value = undefined
    this.data = undefined
  }

  *[Symbol.iterator](): Iterator<ScriptValue> {
    if (this.value !== undefined) yield this.value
  }
}

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

/** Callers without TypeScript can pass anything; a value that JSON cannot carry must not reach a command. */
export function assertValue(holder: string, value: unknown): void {
  if (typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))) return
  throw new TypeError(`${holder} holds strings and finite numbers, not ${shown(value)}`)
}
