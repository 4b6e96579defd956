import { readdirSync, readFileSync } from 'node:fs'
import { readCatalogue } from './catalogue.mjs'

const folder = new URL('../catalogue/', import.meta.url)

/** The catalogues of the repository: every JSON file of `catalogue/`. */
export function readCatalogues() {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readCatalogue(readFileSync(new URL(name, folder), 'utf8')))
}
