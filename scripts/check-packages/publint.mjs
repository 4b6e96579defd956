import { readFile } from 'node:fs/promises'

/**
 * What publint says of a tarball, one line each; suggestions count too.
 * @param {string} tarball
 */
export async function publintFindings(tarball) {
  // Imported here: the set-up that installs it runs after this file is loaded.
  const [{ publint }, { formatMessage }] = await Promise.all([import('publint'), import('publint/utils')])
  const content = await readFile(tarball)
  const { messages, pkg } = await publint({
    pack: { tarball: content.buffer.slice(content.byteOffset, content.byteOffset + content.byteLength) },
    strict: true,
  })
  return messages.map((message) => formatMessage(message, pkg) ?? message.code)
}
