import type { Manifest } from '../shared/manifest.ts'
import { checkStrategy, type SettingsProblem } from '../shared/settings-problem.ts'

export interface GuardAccessSettings {
  /** Strategies whose users may be held to a verified e-mail; elsewhere the provider answers for it. */
  readonly verifiedEmailStrategies: readonly string[]
}

export const settings: GuardAccessSettings = {
  verifiedEmailStrategies: ['auth0'],
}

export const manifest = {
  writes: [],
  secrets: [],
  fails: 'closed',
} as const satisfies Manifest

export const checkSettings = (checked: GuardAccessSettings = settings): SettingsProblem[] =>
  checked.verifiedEmailStrategies.flatMap((strategy, index) =>
    checkStrategy(`verifiedEmailStrategies[${index}]`, strategy),
  )
