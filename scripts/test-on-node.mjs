import { run } from './commands.mjs'

// npm run test:node -- VERSION [vitest arguments]: the tests with another version of Node.js, which npm fetches as a package:
// npm run test:node -- 24 --project @mi/core
const [version = '', ...args] = process.argv.slice(2)
if (!/^\d+(\.\d+)*$/.test(version)) throw new Error('usage: npm run test:node -- VERSION [vitest arguments]')
const vitest = [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--config',
  'vitest.workspace.ts',
  '--exclude=**/*.long.test.ts',
]
await run(
  'npx',
  ['--yes', '--ignore-scripts=false', '--package', `node@${version}`, '--', 'node', ...vitest, ...args],
  {
    env: { ...process.env, NODE_ENV: 'test' },
  },
)
