import { runShown } from './child.mjs'
import { runScript } from './failure.mjs'
import { setUp } from './set-up/index.mjs'
import { tool } from './tools.mjs'

// npm test [-- vitest arguments]: `npm test -- --project @mi/fifo`.
await runScript(async () => {
  await setUp()
  const [command, script] = tool('vitest', 'vitest')
  const args = [script, 'run', '--config', 'vitest.workspace.ts', ...process.argv.slice(2)]
  return runShown(command, args, { env: { ...process.env, NODE_ENV: 'test' } })
})
