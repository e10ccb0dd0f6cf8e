import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from '@jest/globals'
import { REPOSITORY } from './fixture-project.ts'

export const README = readFileSync(join(REPOSITORY, 'README.md'), 'utf8')

/** What the README says of the sample. A team writes a README of its own, which is not held to it. */
export const describeReadme = README.startsWith('# Post-login Actions for Auth0\n')
  ? describe
  : describe.skip
