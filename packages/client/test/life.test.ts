import { describe, expect, test } from 'vitest'
import { Life } from '../src/life.js'

function listener(): { times: number; handleEvent(): void } {
  return {
    times: 0,
    handleEvent() {
      this.times += 1
    },
  }
}

describe('a life', () => {
  test('tells its listener of the first abort only, and keeps its reason', () => {
    const life = new Life()
    const told = listener()
    life.addEventListener('abort', told)
    expect(life.aborted).toBe(false)
    life.throwIfAborted()
    life.abort('first')
    life.abort('second')
    expect(told.times).toBe(1)
    expect({ aborted: life.aborted, reason: life.reason }).toEqual({ aborted: true, reason: 'first' })
    expect(() => life.throwIfAborted()).toThrow('first')
  })

  test('has a real signal for those who ask for one, before the abort or after it', () => {
    const before = new Life()
    const { signal } = before
    expect(signal).toBeInstanceOf(AbortSignal)
    expect(before.signal).toBe(signal)
    const after = new Life()
    for (const life of [before, after]) life.abort('stop')
    for (const each of [signal, after.signal]) expect(each).toMatchObject({ aborted: true, reason: 'stop' })
  })

  test('does not tell a listener that was removed', () => {
    const life = new Life()
    const [first, second] = [listener(), listener()]
    life.addEventListener('abort', first)
    life.removeEventListener('abort', first)
    life.addEventListener('abort', second)
    life.removeEventListener('abort', first)
    life.abort('stop')
    expect([first.times, second.times]).toEqual([0, 1])
  })

  test('has one listener: a second would take the place of the first unseen', () => {
    const life = new Life()
    life.addEventListener('abort', listener())
    expect(() => life.addEventListener('abort', listener())).toThrow('one listener')
  })
})
