import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: '@mi/trace-hep',
    pool: 'forks',
    typecheck: { enabled: true, include: ['test/**/*.test-d.ts'], tsconfig: './tsconfig.json' },
  },
})
