import { readdirSync, readlinkSync } from 'node:fs'
import { expect } from 'vitest'
import { until } from './until.js'

const descriptors = '/proc/self/fd'

/** What this process holds: descriptors (where the system lists them) and listeners on `process`. */
function holdings(): string[] {
  return [...openDescriptors(), ...listeners()].sort()
}

/** Remembers what the process holds now; the result fails while it holds more. */
export function watchLeftovers(): () => Promise<void> {
  const before = new Set(holdings())
  // Less is fine: Node.js 22 reads certificates in a thread of its own, and closes that file when it likes.
  const more = (): string[] => holdings().filter((each) => !before.has(each))
  return async () => {
    await until('nothing is left', () => more().length === 0).catch(() => expect(more()).toEqual([]))
  }
}

function openDescriptors(): string[] {
  if (process.platform !== 'linux') return []
  return readdirSync(descriptors).flatMap((fd) => {
    try {
      return [`fd ${fd}: ${readlinkSync(`${descriptors}/${fd}`)}`]
    } catch {
      // The descriptor that read the directory is closed by now.
      return []
    }
  })
}

function listeners(): string[] {
  return process.eventNames().map((event) => `${String(event)}: ${process.listenerCount(event)}`)
}
