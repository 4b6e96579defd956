// Commands with an access check and an interceptor, as a child needs them.
import { CommandError } from '@mi/contract'

export { work } from './work.mjs'

export const access = ({ method }) =>
  method === 'work:where' ? new CommandError(-32003, undefined, `not for process ${process.pid}`) : undefined

export const interceptors = [
  ({ method }, _params, _context, next) => (method === 'work:count' ? { counted: next() } : next()),
]
