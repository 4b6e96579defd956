import { describe, expect, test } from 'vitest'
import { follow, PendingRequest, unfollow } from '../src/pending-request.js'

const destination = { where: 'fifo (/x)', numbers: 'number', hint: () => undefined } as const

function pendingRequest(): PendingRequest {
  return new PendingRequest(destination, { what: "'x'", text: '{}', ids: [1], methods: ['x'] })
}

function listener(): { times: number; handleEvent(): void } {
  return {
    times: 0,
    handleEvent() {
      this.times += 1
    },
  }
}

describe('the signal of a request', () => {
  test('calls its listeners at the first abort only, functions and objects, and keeps its reason', () => {
    const signal = pendingRequest()
    const [first, second] = [listener(), listener()]
    let calls = 0
    signal.addEventListener('abort', first)
    signal.addEventListener('abort', second)
    signal.addEventListener('abort', () => {
      calls += 1
    })
    expect(signal.aborted).toBe(false)
    signal.throwIfAborted()
    signal.abort('first')
    signal.abort('second')
    expect([first.times, second.times, calls]).toEqual([1, 1, 1])
    expect({ aborted: signal.aborted, reason: signal.reason }).toEqual({ aborted: true, reason: 'first' })
    expect(() => signal.throwIfAborted()).toThrow('first')
  })

  test('is there as a real AbortSignal too, asked for before the abort or after it', () => {
    const before = pendingRequest()
    const { abortSignal } = before
    expect(abortSignal).toBeInstanceOf(AbortSignal)
    expect(before.abortSignal).toBe(abortSignal)
    const after = pendingRequest()
    for (const request of [before, after]) request.abort('stop')
    for (const each of [abortSignal, after.abortSignal]) expect(each).toMatchObject({ aborted: true, reason: 'stop' })
  })

  test('calls all of its listeners, even where one throws', () => {
    const signal = pendingRequest()
    const last = listener()
    signal.addEventListener('abort', () => expect.unreachable())
    signal.addEventListener('abort', last)
    signal.abort('stop')
    expect(last.times).toBe(1)
  })

  test('is there in a copy of the message', () => {
    const request = pendingRequest()
    expect({ ...request }.signal).toBe(request)
  })

  test('does not call a listener that was removed', () => {
    const signal = pendingRequest()
    const listeners = [listener(), listener(), listener()]
    for (const each of listeners) signal.addEventListener('abort', each)
    for (const each of listeners.slice(0, 2)) signal.removeEventListener('abort', each)
    signal.abort('stop')
    expect(listeners.map(({ times }) => times)).toEqual([0, 0, 1])
  })
})

test('requests that share a signal listen to it once, and end with its reason', () => {
  const controller = new AbortController()
  const { signal } = controller
  const listened: string[] = []
  const listen = signal.addEventListener.bind(signal)
  signal.addEventListener = (...given: Parameters<typeof listen>) => {
    listened.push(given[0])
    listen(...given)
  }
  const requests = [pendingRequest(), pendingRequest(), pendingRequest()]
  for (const request of requests) follow(signal, request)
  for (const request of requests.slice(0, 1)) unfollow(signal, request)
  controller.abort('why')
  expect(listened).toEqual(['abort'])
  expect(requests.map(({ reason }) => reason)).toEqual([undefined, 'why', 'why'])
})
