import { readFileSync, writeFileSync } from 'node:fs'
import { inRoot } from '../root.mjs'

/** The template for modules of others, which no workspace holds, and the guide that quotes its package.json. */
const files = ['examples/third-party-module/package.json', 'docs/write-your-own-mi-module.md']

/**
 * Has the template ask for the versions that are about to be published.
 * @param {ReadonlyMap<string, string>} versions by package name
 */
export function raiseTemplateRanges(versions) {
  for (const file of files.map((name) => inRoot(name))) {
    const text = readFileSync(file, 'utf8')
    const raised = text.replace(/"(@mi\/[\w-]+)": "\^[^"]+"/g, (range, name) =>
      versions.has(name) ? `"${name}": "^${versions.get(name)}"` : range,
    )
    if (raised !== text) writeFileSync(file, raised)
  }
}
