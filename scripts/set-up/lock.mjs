import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { Failure } from '../failure.mjs'
import { inRoot } from '../root.mjs'

const folder = inRoot('node_modules', '.cache', 'mi')
const file = `${folder}/lock`

/** Longer than any set-up takes. */
const limitMs = 10 * 60_000

/**
 * Runs work while no other process of this repository does: `npm start` in one terminal and `npm test` in another would
 * otherwise install into the same folders at the same time.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 * @throws {Failure} when the other one takes too long
 */
export async function alone(work) {
  await acquire()
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

async function acquire() {
  const deadline = performance.now() + limitMs
  let told = false
  while (!take()) {
    const holder = readHolder()
    if (holder !== undefined && !isRunning(holder)) {
      // It was killed: its lock is nobody's.
      rmSync(file, { force: true })
      continue
    }
    if (performance.now() > deadline) throw new Failure(`Process ${holder} holds ${file} for too long; remove it.`)
    if (!told) console.log(`Waiting for the set-up of another command (process ${holder}) ...`)
    told = true
    await wait(200)
  }
}

function take() {
  mkdirSync(folder, { recursive: true })
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** Undefined while the holder has not written its number yet, or when the lock is free again. */
function readHolder() {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined
  } catch {
    // Gone meanwhile; the next try takes it.
    return undefined
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process, but one.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
