// Loads the built package a second time, as when two versions of it are installed.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export async function secondCopy() {
  const dir = mkdtempSync(join(root, 'node_modules', '.copy-'))
  cpSync(join(root, 'dist'), dir, { recursive: true })
  try {
    return await import(pathToFileURL(join(dir, 'index.js')).href)
  } finally {
    rmSync(dir, { recursive: true })
  }
}
