/**
 * The environment without what `npm run` hands on to its children, which would make another npm work on the repository.
 * @param {NodeJS.ProcessEnv} [more] wins
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentOfItsOwn(more = {}) {
  const own = Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_ENV$|^INIT_CWD$/i.test(name))
  return { ...Object.fromEntries(own), ...more }
}
