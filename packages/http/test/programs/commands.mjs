// What the child processes of children.test.ts serve.
import { defineModule, implement } from '@mi/contract'

const contract = defineModule('t', { pid: { recipes: [{}] } })

export const commands = implement(contract, { pid: () => process.pid })
