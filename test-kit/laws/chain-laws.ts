import { expect } from '@jest/globals'
import { keysOf } from '../../actions/shared/manifest.ts'
import { failures, metadataCalls, type SignInResult } from './law-tenant.ts'
import type { Law } from './sweep.ts'

/** Laws of any chain of Actions, by what they claim. */
export const CHAIN_LAWS: ReadonlyMap<string, Law> = new Map<string, Law>([
  [
    'the second sign-in with nothing new sets nothing, whatever is stored, in whatever order it comes',
    ({ again, isNearlyFull }) => {
      if (!isNearlyFull) expect(metadataCalls(again.first.trace)).toEqual([])
    },
  ],
  [
    'metadata that is nearly full settles, too',
    ({ settled }) => expect(metadataCalls(settled.first.trace)).toEqual([]),
  ],
  [
    'one sign-in is enough: the second ends as the first, without a page, a write or a change',
    (transcript) => {
      const { once, again, writes, kept, isNearlyFull } = transcript
      if (isNearlyFull || isAboutToChange(again)) return
      expect(again.first.kind).toBe(again.last.kind)
      expect(decisionOf(again)).toBe(decisionOf(once))
      expect(writes.again).toBe(0)
      expect(kept.again).toEqual(kept.once)
    },
  ],
  [
    'an execution writes the profile at most once: before a redirect, and at the end',
    ({ once, again, writes }) => {
      for (const [{ first, last }, written] of [
        [once, writes.once],
        [again, writes.again],
      ] as const) {
        const before = first.trace.profile_writes.length
        expect(before).toBeLessThanOrEqual(1)
        expect(last.trace.profile_writes.length - (first === last ? 0 : before)).toBeLessThan(2)
        expect(written).toBe(last.trace.profile_writes.length)
      }
    },
  ],
  [
    'an Action sets only keys of its manifest, and none twice in an execution',
    ({ once, again }, { manifests }) => {
      for (const run of [once, again].flatMap(({ last }) => last.trace.actions)) {
        const targets = metadataCalls({ ...once.first.trace, actions: [run] }).map(
          ({ name, arguments: [key] }) =>
            `${name === 'user.setAppMetadata' ? 'app_metadata' : 'user_metadata'}.${String(key)}`,
        )
        const keys = keysOf(manifests[run.action] ?? { writes: [] })
        expect(targets.filter((target) => !keys.includes(target))).toEqual([])
        expect(new Set(targets).size).toBe(targets.length)
      }
    },
  ],
  [
    'no profile and no answer of a provider makes an Action give up or a sign-in fail',
    ({ once, again }) => {
      for (const { last } of [once, again]) {
        expect(failures(last.trace)).toEqual([])
        expect(last.trace.reason).toBeUndefined()
      }
    },
  ],
])

const decisionOf = ({ last }: SignInResult): string =>
  last.kind === 'denied' ? `denied: ${last.reason}` : last.kind

/** Asked for nothing that is in force: a new user accepted that the first time. */
const isAboutToChange = ({ first }: SignInResult): boolean => {
  const [asked] = askedDocuments(first)
  return asked !== undefined && asked.every(({ effective_at }) => effective_at !== undefined)
}

const askedDocuments = ({ trace }: SignInResult['first']) =>
  trace.actions
    .flatMap(({ commands }) => commands)
    .filter(({ name }) => name === 'redirect.encodeToken')
    .map(({ arguments: [options] }) => {
      const { payload } = options as { payload: { documents: { effective_at?: string }[] } }
      return payload.documents
    })
