import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: '@mi/script',
    pool: 'forks',
    typecheck: { enabled: true, include: ['test/**/*.test-d.ts'], tsconfig: './tsconfig.json' },
  },
})
