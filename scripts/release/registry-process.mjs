import { rmSync } from 'node:fs'
import { runServer } from 'verdaccio'

// node registry-process.mjs STORAGE UPSTREAM, forked: tells its port, and ends when its parent has closed the channel or is
// gone, however that came about.
const [storage = '', upstream = ''] = process.argv.slice(2)

/** Packages of the repository come from here alone; what they depend on is fetched from upstream when it is asked for. */
const config = {
  configPath: `${storage}/config.yaml`,
  storage: `${storage}/packages`,
  auth: { htpasswd: { file: `${storage}/htpasswd`, max_users: -1 } },
  uplinks: { upstream: { url: upstream, cache: true, maxage: '1h', timeout: '60s' } },
  packages: {
    '@mi/*': { access: '$all', publish: '$all' },
    '**': { access: '$all', proxy: 'upstream' },
  },
  max_body_size: '100mb',
  log: { type: 'stdout', format: 'pretty', level: 'fatal' },
  web: { enable: false },
  server: { keepAliveTimeout: 0 },
}

const server = await runServer(config)
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }))
process.once('disconnect', () => {
  rmSync(storage, { recursive: true, force: true })
  process.exit()
})
// Ctrl-C reaches the whole group: the parent decides when the registry is not needed any more.
process.on('SIGINT', () => {})
