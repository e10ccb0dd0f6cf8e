import type { Manifest } from '../shared/manifest.ts'
import { checkMetadataKey, type SettingsProblem } from '../shared/settings-problem.ts'

export interface EnrichProfileSettings {
  /**
   * Fields of the sign-up form, by their key in `user_metadata`, and what each is. Lock and
   * `/dbconnections/signup` can only send strings: "true", " 42 ".
   */
  readonly signUpFields: Readonly<Record<string, SignUpFieldType>>
}

/** A string that does not read as its type stays as it is and is logged. */
export type SignUpFieldType = 'string' | 'boolean' | 'integer'

export const settings: EnrichProfileSettings = {
  signUpFields: {
    newsletter: 'boolean',
    birth_year: 'integer',
    company: 'string',
  },
}

export const manifest = {
  writes: [
    'user_metadata.newsletter',
    'user_metadata.birth_year',
    'user_metadata.company',
    'app_metadata.customer_id',
    'app_metadata.tasks',
    'app_metadata.activity',
  ],
  secrets: [],
  fails: 'open',
} as const satisfies Manifest

export const checkSettings = (checked: EnrichProfileSettings = settings): SettingsProblem[] =>
  Object.keys(checked.signUpFields).flatMap((key) => {
    const path = `signUpFields.${key}`
    const declared = (manifest.writes as readonly string[]).includes(`user_metadata.${key}`)
    return [
      ...checkMetadataKey(path, 'user_metadata', key),
      ...(declared ? [] : [{ path, message: `add "user_metadata.${key}" to manifest.writes` }]),
    ]
  })
