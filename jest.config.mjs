import { availableParallelism } from 'node:os'

const CODE = [
  'actions',
  'build',
  'cli',
  'deploy',
  'local-tenant',
  'playground',
  'portal',
  'reports',
  'bench',
  'test-kit',
  'tests',
]

export default {
  testEnvironment: 'node',
  // All code, so that --watch and --findRelatedTests know who imports whom; tests are in tests/.
  roots: CODE.map((folder) => `<rootDir>/${folder}`),
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  dependencyExtractor: '<rootDir>/test-kit/run-time-dependencies.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true }] },
  resolver: '<rootDir>/test-kit/jest-resolver.mjs',
  setupFiles: ['<rootDir>/test-kit/loopback-only.mjs'],
  testSequencer: '<rootDir>/test-kit/slowest-first.mjs',
  globalSetup: '<rootDir>/test-kit/build-once.mjs',
  testTimeout: 60_000,
  // More than there are processors, because many suites wait for a browser or the Deploy CLI.
  maxWorkers: availableParallelism() + 2,
  verbose: true,
}
