import { readdirSync, readlinkSync } from 'node:fs'
import { expect } from 'vitest'
import { until } from './until.js'

const descriptors = '/proc/self/fd'

/** What this process holds: descriptors (where the system lists them) and listeners on `process`. */
function holdings(): string[] {
  return [...openDescriptors(), ...listeners()].sort()
}

/** Remembers what the process holds now; the result fails unless it holds the same again. */
export function watchLeftovers(): () => Promise<void> {
  const before = holdings()
  return async () => {
    const same = (): boolean => JSON.stringify(holdings()) === JSON.stringify(before)
    await until('nothing is left', same).catch(() => expect(holdings()).toEqual(before))
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
