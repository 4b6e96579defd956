import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

const SCHEMES = ['fifo:', 'udp:', 'unix:', 'http://', 'https://'] as const

/** The most entries of a directory that are looked at. */
const MAX_ENTRIES = 5000

/**
 * What the URL of a server may become: a scheme, and after `fifo:` and `unix:` the FIFOs or sockets of a directory, and the
 * directories in it with a `/` at the end.
 */
export function urlsFor(word: string): string[] {
  const [, scheme, path = ''] = /^(fifo|unix):(.*)$/s.exec(word) ?? []
  if (scheme === undefined) return [...SCHEMES]
  const directory = path.endsWith('/') ? path : `${dirname(path)}/`.replace(/^\.\/$/, '').replace(/^\/\/$/, '/')
  return entriesOf(directory === '' ? '.' : directory)
    .map((name) => ({ name, stats: statSync(join(directory, name), { throwIfNoEntry: false }) }))
    .flatMap(({ name, stats }) => {
      if (stats?.isDirectory()) return [`${scheme}:${directory}${name}/`]
      const isRight = scheme === 'fifo' ? stats?.isFIFO() : stats?.isSocket()
      return isRight ? [`${scheme}:${directory}${name}`] : []
    })
}

function entriesOf(directory: string): string[] {
  try {
    return readdirSync(directory).slice(0, MAX_ENTRIES)
  } catch {
    // No such directory, or none that this user may read: there is nothing to offer.
    return []
  }
}
