import { getEventListeners } from 'node:events'
import { type ClientMessage, type ClientReply, type ClientTransport, defineModule } from '@mi/contract'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createClient } from '../src/index.js'
import { failureOf } from './support/failure.js'
import { engineText, resultText } from './support/responder.js'

const never = new Promise<never>(() => undefined)

function transport(request: ClientTransport['request'], more: Partial<ClientTransport> = {}): ClientTransport {
  return { name: 'test', request, close: async () => undefined, ...more }
}

function idOf({ ids: [id] }: ClientMessage): number {
  return Number(id)
}

/** Never resolves, and rejects at the abort as a transport should. */
function untilAbort({ signal }: ClientMessage): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
}

describe('a transport', () => {
  test.each([
    ['throws', () => expect.unreachable()],
    ['is no text', () => JSON.parse('5')],
  ])('whose hint %s gives none, and the call has its time limit', async (_, hint) => {
    await using client = createClient(transport(untilAbort, { hint }))
    const error = await failureOf(client.call('never', [], { timeoutMs: 10 }))
    expect(error).toMatchObject({ code: 'MI_TIMEOUT', message: expect.stringMatching(/the command may have run$/) })
  })

  test('that resolves with nothing is MI_PROTOCOL, as an empty reply is', async () => {
    await using client = createClient(transport(async () => JSON.parse('{}').nothing))
    expect(await failureOf(client.call('pwd'))).toMatchObject({
      code: 'MI_PROTOCOL',
      message: expect.stringContaining('an empty reply'),
    })
  })

  test('that hands on results after the last one has them ignored', async () => {
    const messages: ClientMessage[] = []
    const request = async (message: ClientMessage): Promise<string> => {
      messages.push(message)
      message.onProvisional?.(resultText(idOf(message), 'ahead'))
      return resultText(idOf(message), 'last')
    }
    await using client = createClient(transport(request))
    const seen: unknown[] = []
    expect(await client.call('steps', [], { onProvisional: (result) => seen.push(result) })).toBe('last')
    messages[0]?.onProvisional?.(resultText(1, 'late'))
    expect(seen).toEqual(['ahead'])
  })
})

test('clients that share a signal listen to it once', async () => {
  const controller = new AbortController()
  const { signal } = controller
  const clients = Array.from({ length: 11 }, () => createClient(transport(untilAbort)))
  const calls = clients.map((client) => failureOf(client.call('never', [], { signal })))
  expect(getEventListeners(signal, 'abort').length).toBe(1)
  controller.abort('stop')
  expect(new Set(await Promise.all(calls))).toEqual(new Set(['stop']))
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

describe('as time goes by', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('a transport that ignores its signal holds neither the call nor close', async () => {
    const client = createClient(transport(() => never))
    const [first, second] = [failureOf(client.call('a', [], { timeoutMs: 100 })), failureOf(client.call('b'))]
    await vi.advanceTimersByTimeAsync(1100)
    expect(await first).toMatchObject({ code: 'MI_TIMEOUT' })
    const closed = client.close()
    await vi.advanceTimersByTimeAsync(1000)
    await closed
    expect(await second).toMatchObject({ code: 'MI_CLOSED' })
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each(['batch', 'notify'] as const)('the time limit is that of the whole of %s', async (what) => {
    let answer: ((reply: ClientReply) => void) | undefined
    const request = (message: ClientMessage): Promise<ClientReply> =>
      message.text.includes('"version"')
        ? new Promise((resolve) => {
            answer = resolve
          })
        : untilAbort(message)
    const client = createClient(transport(request, { avoidNotifications: true }))
    const options = { timeoutMs: 1000 }
    const sent = failureOf(what === 'batch' ? client.batch([['pwd']], options) : client.notify('pwd', [], options))
    await vi.advanceTimersByTimeAsync(900)
    answer?.(engineText(1))
    await vi.advanceTimersByTimeAsync(100)
    expect(vi.getTimerCount()).toBe(0)
    expect(await sent).toMatchObject({ code: 'MI_TIMEOUT', message: expect.stringContaining('within 1000 ms') })
  })

  test('a command whose contract says that it answers later has 35 s; others, and those with a limit, have theirs', async () => {
    const { dial, pwd } = defineModule('tm', { dial: { recipes: [{}], async: true }, pwd: { recipes: [{}] } })
    const client = createClient(transport(untilAbort))
    const strict = createClient(transport(untilAbort), { timeoutMs: 100 })
    const ended: string[] = []
    const watch = (name: string, call: Promise<unknown>): void => {
      call.catch(() => ended.push(name))
    }
    watch('client limit', strict.call(dial))
    watch('own limit', client.call(dial, {}, { timeoutMs: 200 }))
    watch('by name', client.call('tm:dial'))
    watch('not async', client.call(pwd))
    watch('async', client.call(dial))
    await vi.advanceTimersByTimeAsync(4999)
    expect(ended).toEqual(['client limit', 'own limit'])
    await vi.advanceTimersByTimeAsync(30_000)
    expect(ended).toEqual(['client limit', 'own limit', 'by name', 'not async'])
    await vi.advanceTimersByTimeAsync(1)
    expect(ended.at(-1)).toBe('async')
  })

  test('a discarded reply that does not come is given up, also where nothing else has a time limit', async () => {
    const messages: ClientMessage[] = []
    const request = async (message: ClientMessage): Promise<ClientReply> => {
      if (message.text.includes('"version"')) return resultText(idOf(message), { Server: 'OpenSIPS' })
      messages.push(message)
      message.onSent?.()
      return untilAbort(message)
    }
    const client = createClient(transport(request, { avoidNotifications: true }), { timeoutMs: 0 })
    await client.notify('reload')
    expect(messages[0]?.signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(5000)
    expect(messages[0]?.signal.aborted).toBe(true)
  })
})
