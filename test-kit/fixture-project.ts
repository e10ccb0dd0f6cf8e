/**
 * The project that tests work on: the product's code with the files of `test-kit/fixture/` in the
 * place of the team's, so that no test depends on what a team sets. Jest's set-up builds it.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const REPOSITORY = join(import.meta.dirname, '..')

/** What stands here stands in the project at the same path. */
export const TEAM_FILES = join(import.meta.dirname, 'fixture')

/** Where the project is. Git ignores it. */
export const FIXTURE = join(REPOSITORY, '.fixture')

/** The order of the project's `tenant.yaml`. */
export const ACTION_NAMES = [
  'guard-access',
  'map-idp-attributes',
  'enrich-profile',
  'enforce-terms',
  'add-claims',
] as const

export type ActionName = (typeof ACTION_NAMES)[number]

export const bundleOf = (name: string): string =>
  readFileSync(join(FIXTURE, 'dist', 'actions', `${name}.js`), 'utf8')
