import { runShown } from '../child.mjs'
import { lerna, lernaEnvironment } from '../lerna.mjs'
import { setUp } from '../set-up/index.mjs'
import { tool } from '../tools.mjs'

/** npm run typecheck: every workspace package against the built types of the others, then the scripts. */
export async function typecheck() {
  await setUp()
  const packages = await runShown(...lerna(['run', 'typecheck', '--no-bail']), { env: lernaEnvironment() })
  const [command, script] = tool('typescript', 'tsc')
  const scripts = await runShown(command, [script, '--project', 'scripts/tsconfig.json'])
  return packages || scripts
}
