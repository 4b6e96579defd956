import { statSync } from 'node:fs'
import { mkfifo, posixSupport } from '../../dist/index.js'

// Makes a FIFO under a umask that leaves no rights at all, which root would not notice.
posixSupport()
if (process.getuid?.() === 0) {
  process.setgroups([])
  process.setgid(65_534)
  process.setuid(65_534)
}
const path = process.argv[2] ?? ''
process.umask(0o777)
mkfifo(path, 0o620)
console.log((statSync(path).mode & 0o7777).toString(8))
