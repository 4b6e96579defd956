import { fileURLToPath } from 'node:url'
import { defineProject } from 'vitest/config'

export default defineProject({
  // The README's example imports the package by its name: it runs against the source, not against an older build.
  resolve: { alias: { '@mi/compliance': fileURLToPath(new URL('./src/index.ts', import.meta.url)) } },
  test: {
    name: '@mi/compliance',
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    typecheck: { enabled: true, include: ['test/**/*.test-d.ts'], tsconfig: './tsconfig.json' },
  },
})
