import { readFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { SourceMap } from 'node:module'
import { relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { root } from '../workspace.mjs'

/** Requests before the measured ones: caches are filled, files and connections are open. */
const WARM_UP = 50
/** Measured requests. The smallest set of files counts, because a timer may fire during one of them. */
const ROUNDS = 5
/** Work after the reply, such as closing a reply FIFO, belongs to the request. */
const SETTLE_MS = 20

/**
 * Starts counting function calls in this process. Call it before the code to measure is imported.
 * @returns a function that sends requests and returns the source files, relative to the repository, that one of them entered
 */
export async function startCoverage() {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })

  /** @param {() => Promise<unknown>} request */
  return async (request) => {
    for (let sent = 0; sent < WARM_UP; sent++) await request()
    await sleep(SETTLE_MS)
    const rounds = []
    for (let round = 0; round < ROUNDS; round++) {
      // Taking the counts resets them.
      await session.post('Profiler.takePreciseCoverage')
      await request()
      await sleep(SETTLE_MS)
      rounds.push(enteredFiles((await session.post('Profiler.takePreciseCoverage')).result))
    }
    return rounds.reduce((least, files) => (files.length < least.length ? files : least))
  }
}

/** @param {readonly import('node:inspector').Profiler.ScriptCoverage[]} scripts */
function enteredFiles(scripts) {
  const files = new Set()
  for (const { url, functions } of scripts) {
    if (!/\/(packages|bench|examples)\/.+\/dist\//.test(url)) continue
    for (const { ranges } of functions) {
      const range = ranges.find(({ count }) => count > 0)
      if (range !== undefined) files.add(sourceFile(url, range.endOffset - 1))
    }
  }
  return [...files].sort()
}

/**
 * The TypeScript file of a place in a bundle. A function's end is asked for: what the map knows best is inside the function.
 * @param {string} url
 * @param {number} offset
 */
function sourceFile(url, offset) {
  const { lines, map } = bundle(url)
  const after = lines.findIndex((start) => start > offset)
  const line = (after === -1 ? lines.length : after) - 1
  const entry = map.findEntry(line, offset - (lines[line] ?? 0))
  if (!('originalSource' in entry)) return relative(root, fileURLToPath(url))
  return relative(root, fileURLToPath(new URL(entry.originalSource, url)))
}

/** @type {Map<string, { lines: number[], map: SourceMap }>} */
const bundles = new Map()

/** @param {string} url */
function bundle(url) {
  const known = bundles.get(url)
  if (known !== undefined) return known
  const path = fileURLToPath(url)
  const lines = [0, ...[...readFileSync(path, 'utf8').matchAll(/\n/g)].map(({ index }) => index + 1)]
  const read = { lines, map: new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8'))) }
  bundles.set(url, read)
  return read
}
