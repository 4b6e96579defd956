import { runScript } from './failure.mjs'
import { inRoot } from './root.mjs'
import { setUp } from './set-up/index.mjs'

// npm start [-- --once]: runs the example in this very process, so that arguments, signals and exit status are its own.
// package.json starts this by `exec` for the same reason: a shell in between would keep npm's signals to itself.
await runScript(async () => {
  await setUp()
  const main = inRoot('examples', 'quickstart', 'dist', 'main.js')
  process.argv[1] = main
  await import(main)
  return undefined
})
