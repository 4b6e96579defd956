import { openDatagram, posixSupport } from '../../dist/index.js'

// Binds where it may not: root may everywhere, and becomes nobody first; nobody may not read the addon everywhere.
posixSupport()
if (process.getuid?.() === 0) {
  process.setgroups([])
  process.setgid(65_534)
  process.setuid(65_534)
}
try {
  const socket = await openDatagram({ bind: { type: 'unix', path: process.argv[2] ?? '' } })
  socket.close()
  console.log('bound')
} catch (error) {
  console.log(error.code)
}
