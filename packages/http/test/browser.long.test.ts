import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createMi, type Mi } from '@mi/core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HttpHandlerOptions, httpHandler } from '../src/index.js'
import { hasBrowser, openBrowser } from './support/browser.js'
import { looseModule } from './support/fixture.js'

const isThere = hasBrowser()
const name = isThere ? 'Chromium' : 'Chromium [not checked: it is not installed]'
const FOREIGN = 'evil.example'

describe.skipIf(!isThere)(name, () => {
  let browser: Browser
  let mi: Mi
  let ran = 0
  const cleanups: (() => void)[] = []

  /** A page at /, MI at /mi. */
  const site = async (options: HttpHandlerOptions = {}): Promise<number> => {
    const handler = httpHandler(mi, { events: true, ...options })
    const server = createServer((request, response) => {
      if (request.url?.startsWith('/mi') === true) void handler(request, response)
      else response.setHeader('Content-Type', 'text/html').end('<title>page</title>')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    cleanups.push(() => {
      server.closeAllConnections()
      server.close()
    })
    return (server.address() as AddressInfo).port
  }

  /** What a page gets that asks by fetch: the status, or the error. */
  const fetched = async (page: string, url: string, type = 'application/json'): Promise<string> => {
    const tab = await browser.newPage()
    await tab.goto(page)
    const answer = await tab.evaluate(
      `fetch(${JSON.stringify(url)}, {
        method: 'POST',
        headers: { 'Content-Type': ${JSON.stringify(type)} },
        body: '{"jsonrpc":"2.0","method":"t:run","id":1}',
      }).then(async (reply) => reply.status + ' ' + (await reply.text()), (error) => String(error))`,
    )
    await tab.close()
    return String(answer)
  }

  beforeAll(async () => {
    browser = await openBrowser([FOREIGN])
    mi = createMi({ modules: [looseModule({ run: () => ++ran })] })
  })

  afterAll(async () => {
    await browser?.close()
    for (const cleanup of cleanups) cleanup()
    await mi?.close()
  })

  test('lets a page of this server run commands, and receive events', async () => {
    const port = await site()
    expect(await fetched(`http://localhost:${port}/`, '/mi')).toMatch(/^200 .*"result":\d+/)
    const tab = await browser.newPage()
    await tab.goto(`http://127.0.0.1:${port}/`)
    await tab.evaluate(`
      window.names = []
      const source = new EventSource('/mi/events')
      source.onmessage = ({ data }) => window.names.push(JSON.parse(data).method)
      new Promise((resolve) => { source.onopen = resolve })`)
    mi.events.raise('E_A')
    await tab.waitForFunction(`window.names.includes('E_A')`)
    await tab.close()
  })

  test('keeps pages of foreign sites from running commands, whatever they send', async () => {
    const [port, foreign] = [await site(), await site()]
    const before = ran
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'text/xml']) {
      expect(await fetched(`http://localhost:${foreign}/`, `http://localhost:${port}/mi`, type)).toContain(
        'Failed to fetch',
      )
    }
    expect(ran).toBe(before)
  })

  test('keeps out a page whose name was pointed at this server', async () => {
    const port = await site()
    const before = ran
    expect(await fetched(`http://${FOREIGN}:${port}/`, '/mi')).toMatch(/^421 /)
    expect(ran).toBe(before)
  })

  test('lets in a page of an origin in cors, and a name in hosts', async () => {
    const foreign = await site()
    const port = await site({ cors: [`http://localhost:${foreign}`], hosts: [FOREIGN] })
    expect(await fetched(`http://localhost:${foreign}/`, `http://localhost:${port}/mi`)).toMatch(/^200 /)
    expect(await fetched(`http://${FOREIGN}:${port}/`, '/mi')).toMatch(/^200 /)
  })
})
