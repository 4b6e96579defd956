import { inRoot } from '../workspace.mjs'

/**
 * The two sides of each path, and how many files of src a request may enter on the measured side. `other` is a process too;
 * a path without it has one side.
 * @type {Record<string, { limit: number, measured: string, other?: string }>}
 */
export const paths = {
  'UDP server': { limit: 12, measured: 'udpServer', other: 'udpClient' },
  'FIFO server': { limit: 12, measured: 'fifoServer', other: 'fifoClient' },
  'client over UNIX': { limit: 10, measured: 'unixClient', other: 'unixServer' },
  'client over FIFO': { limit: 12, measured: 'fifoClient', other: 'fifoServer' },
  'script in the same thread': { limit: 8, measured: 'script' },
}

/**
 * A side of a path; servers have no `request`. `directory` is an empty one for the files of transports, `port` a free UDP port.
 * @typedef {{ request?: () => Promise<unknown>, close: () => Promise<void> }} Side
 * @typedef {{ directory: string, port: string }} Place
 * @type {Record<string, (place: Place) => Promise<Side>>}
 */
export const sides = {
  async fifoServer({ directory }) {
    const { fifo } = await load('fifo')
    return engine([fifo({ fifoName: `${directory}/mi_fifo`, replyDir: directory })])
  },
  async udpServer({ port }) {
    const { datagram } = await load('datagram')
    return engine([datagram({ socketName: `udp:127.0.0.1:${port}` })])
  },
  async unixServer({ directory }) {
    const { datagram } = await load('datagram')
    return engine([datagram({ socketName: `${directory}/mi_socket` })])
  },
  fifoClient: ({ directory }) => client(`fifo:${directory}/mi_fifo?reply_dir=${directory}`),
  udpClient: ({ port }) => client(`udp:127.0.0.1:${port}`),
  unixClient: ({ directory }) => client(`unix:${directory}/mi_socket?reply_dir=${directory}`),
  async script() {
    const { createScript } = await load('script')
    const [mi, { echo }] = await Promise.all([engine([]), contract()])
    const script = createScript(mi)
    return { request: async () => script.run(echo, PARAMS), close: () => mi.close() }
  },
}

const PARAMS = { text: 'hello' }

/** @param {string} name of a folder in packages */
const load = (name) => import(inRoot('packages', name, 'dist', 'index.js'))

async function contract() {
  const { defineModule } = await load('contract')
  return defineModule('walk', { echo: { recipes: [{ text: 'string' }] } })
}

/**
 * A server with one command, which has a named parameter and makes its result for each request.
 * @param {readonly unknown[]} transports
 */
async function engine(transports) {
  const [{ implement }, { createMi }] = await Promise.all([load('contract'), load('core')])
  const echo = implement(await contract(), { echo: (/** @type {typeof PARAMS} */ { text }) => ({ text }) })
  const mi = createMi({ modules: [echo], transports })
  await mi.listen()
  return mi
}

/** @param {string} url */
async function client(url) {
  const { createClient } = await load('client')
  const made = createClient(url)
  return { request: () => made.call('walk:echo', PARAMS), close: () => made.close() }
}
