import { availableParallelism } from 'node:os'

export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/tests'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true }] },
  resolver: '<rootDir>/test-kit/jest-resolver.mjs',
  setupFiles: ['<rootDir>/test-kit/loopback-only.mjs'],
  globalSetup: '<rootDir>/test-kit/build-once.mjs',
  testTimeout: 60_000,
  // More than there are processors, because many suites wait for a browser or the Deploy CLI.
  maxWorkers: availableParallelism() + 2,
  verbose: true,
}
