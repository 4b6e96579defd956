import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PROGRAM = '/usr/bin/chromium'

/** As root on Debian, Chromium is installed when it is missing. */
export function hasBrowser(): boolean {
  if (existsSync(PROGRAM)) return true
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false
  execFileSync('apt-get', ['update'], { stdio: 'ignore' })
  execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { stdio: 'ignore' })
  return existsSync(PROGRAM)
}

/** @param names hosts that lead to this machine, as a foreign site can have it */
export function openBrowser(names: readonly string[]): Promise<Browser> {
  const rules = names.map((name) => `MAP ${name} 127.0.0.1`).join(',')
  return chromium.launch({ executablePath: PROGRAM, args: ['--no-sandbox', `--host-resolver-rules=${rules}`] })
}
