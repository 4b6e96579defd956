import { CommandError, defineModule, implement, int, type MiModule, object } from '@mi/contract'

export const counter = defineModule('counter', {
  add: {
    help: 'adds 1, or a given number, to a counter',
    aliases: ['counter_add'],
    recipes: [{ name: 'string' }, { name: 'string', by: int({ minimum: 1 }) }],
    result: object({ name: 'string', value: 'int' }),
  },
})

export function counterModule(): MiModule {
  const values = new Map<string, number>()
  return implement(counter, {
    add({ name, by = 1 }) {
      const value = (values.get(name) ?? 0) + by
      if (!Number.isSafeInteger(value)) throw new CommandError(400, 'Counter is full', { name })
      values.set(name, value)
      return { name, value }
    },
  })
}
