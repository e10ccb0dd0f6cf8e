/** What `retiredKeys` may be in settings. Runs in the build; what others do with the keys, the data flow checks. */
import type { RetiredKey } from './metadata.ts'
import * as s from './schema.ts'
import { problemAt, type Problem } from './problem.ts'
import { checkMetadataKey } from './check-names.ts'

export const retiredKeys = s.list(
  s.object<RetiredKey>({
    metadata: s.words('app_metadata', 'user_metadata'),
    path: s.someOf(s.string),
    movedTo: s.optional(s.someOf(s.string)),
  }),
)

export const checkRetired = (keys: readonly RetiredKey[]): Problem[] =>
  keys.flatMap(({ metadata, path, movedTo }, index) => {
    const at = `retiredKeys[${index}]`
    return [
      ...checkMetadataKey(`${at}.path`, metadata, path[0]),
      ...problemAt(`${at}.path`, path.includes('') ? 'holds an empty name' : undefined),
      ...problemAt(`${at}.movedTo`, movedTo?.includes('') ? 'holds an empty name' : undefined),
    ]
  })
