import { expect, test } from 'vitest'
import { findPosix, type Posix } from '../src/optional-posix.js'

/** What Node.js throws for a package that is not there. */
const missing = (name: string): Error =>
  Object.assign(new Error(`Cannot find package '${name}' imported from /app/main.js`), { code: 'ERR_MODULE_NOT_FOUND' })

const withSupport = (support: object): Posix => ({ posixSupport: () => support }) as Posix

test('the package is given when its addon works', async () => {
  const posix = withSupport({ native: true })
  expect(await findPosix(async () => posix)).toEqual({ posix })
})

test('without an addon the reason is given that the package has', async () => {
  const found = await findPosix(async () => withSupport({ native: false, reason: 'no compiler' }))
  expect(found).toEqual({ reason: 'no compiler', isAbsent: false })
})

test('a package that is not installed is absent; one that lacks a package itself is not', async () => {
  const search = (name: string) => findPosix(() => Promise.reject(missing(name)))
  expect(await search('@mi/posix')).toMatchObject({ isAbsent: true, reason: missing('@mi/posix').message })
  expect(await search('node-gyp-build')).toMatchObject({ isAbsent: false, cause: missing('node-gyp-build') })
})
