import { readdirSync, readFileSync } from 'node:fs'
import { readCatalogue, readLevels } from './catalogue.mjs'

const FOLDER = new URL('../catalogue/', import.meta.url)

/** @param {string} name */
const read = (name) => readFileSync(new URL(name, FOLDER), 'utf8')

/** The catalogues of the repository, one file for each release. */
export function readCatalogues() {
  return readdirSync(FOLDER)
    .filter((name) => /^opensips-.*\.json$/.test(name))
    .sort()
    .map((name) => readCatalogue(read(name)))
}

/** What each command does to a server, by canonical name. */
export function readCommandLevels() {
  return readLevels(read('command-levels.json'))
}
