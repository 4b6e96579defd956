import { setUp } from '../set-up/index.mjs'

/** npm run build: the set-up is all there is to it. */
export async function build() {
  if (!(await setUp())) console.log('Nothing to build: every dist is up to date.')
  return 0
}
