/**
 * What people install, by what they want. Each is measured and told in README.md; e2e/test/release.test.ts tries them.
 * @type {readonly { to: string, names: readonly string[], global?: boolean }[]} global: for the whole machine
 */
export const installations = [
  { to: 'call OpenSIPS from a program', names: ['@mi/client'] },
  { to: 'do so with typed calls', names: ['@mi/client', '@mi/opensips'] },
  { to: 'call OpenSIPS from a terminal', names: ['@mi/cli'], global: true },
  { to: 'serve MI over a FIFO', names: ['@mi/core', '@mi/fifo'] },
  { to: 'serve MI over UDP and UNIX datagrams', names: ['@mi/core', '@mi/datagram'] },
  { to: 'do so with several processes', names: ['@mi/core', '@mi/datagram', '@mi/processes'] },
  { to: 'write commands for others to serve', names: ['@mi/contract'] },
]
