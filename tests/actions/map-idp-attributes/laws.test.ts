/** What must hold for any settings that the build accepts and any profile. */
import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { checkOrder } from '../../../actions/map-idp-attributes/check-order.ts'
import { decideIdpAttributes } from '../../../actions/map-idp-attributes/decide.ts'
import type { IdpFacts } from '../../../actions/map-idp-attributes/facts.ts'
import type {
  MapIdpAttributesSettings,
  Mapping,
} from '../../../actions/map-idp-attributes/mapping.ts'
import { checkSettings } from '../../../actions/map-idp-attributes/schema.ts'
import { settings as OURS } from '../../../test-kit/fixture/actions/map-idp-attributes/settings.ts'
import { isObject, own, type JsonValue } from '../../../actions/shared/json.ts'
import { withoutRefusedNames } from '../../../actions/shared/metadata.ts'
import { json, RUNS, storedMetadata } from '../../../test-kit/actions/arbitraries.ts'
import { mergeMetadata } from '../../../test-kit/actions/merge-metadata.ts'
import { factsWith } from '../../../test-kit/actions/mapping-facts.ts'

const NAMES = ['a', 'b', 'urn:c.d', 'groups']
const name = fc.constantFrom(...NAMES)
const word = fc.constantFrom('a', 'b', 'x', 'app-', 'app-a', 'App-B', ' a ', '1', 'true', '')

const source = fc.oneof(
  { weight: 4, arbitrary: fc.record({ currentIdentity: fc.tuple(name) }) },
  fc.record({ attribute: fc.tuple(name), of: fc.constant('primary' as const) }),
  fc.record({ currentIdentity: fc.tuple(fc.constant('nested'), name) }),
  fc.record({
    identity: fc.record({ connection: fc.constantFrom('corp', 'other'), path: fc.tuple(name) }),
  }),
  fc.record({ connectionMetadata: name }),
  fc.record({ organizationMetadata: name }),
)
const from = fc
  .tuple(fc.array(source, { minLength: 1, maxLength: 3 }), fc.option(fc.record({ constant: word })))
  .map(([sources, constant]) => (constant === null ? sources : [...sources, constant]))

const pattern = fc.record({
  pattern: fc.constantFrom('^a', '\\d+', '^([^-]+)-', '^(.+)-x$', ''),
  ignoreCase: fc.boolean(),
})
const text = word.filter((drawn) => drawn !== '')
const transform = fc.oneof(
  fc.constantFrom('trim', 'lower', 'upper'),
  fc.record({ join: fc.constantFrom('', ', ', ';') }),
  fc.record({ split: fc.constantFrom(';', '-') }),
  fc.record({ stripPrefix: text }),
  fc.record({ stripSuffix: text }),
  fc.record({ capture: pattern }),
  fc.record({
    replace: fc.tuple(pattern, word).map(([drawn, by]) => ({ ...drawn, with: `${by}$&` })),
  }),
  fc.record({
    lookUp: fc.record(
      { table: fc.dictionary(text, word, { minKeys: 1 }), otherwise: word },
      { requiredKeys: ['table'] },
    ),
  }),
  fc.record({
    filter: fc.oneof(
      fc.record({ prefix: text }),
      fc.record({ suffix: text }),
      fc.record({ contains: text }),
      fc.record({ matches: pattern }),
    ),
  }),
  fc.record({
    roles: fc.dictionary(fc.constantFrom('a', 'app-*', '*-x', '*', 'a*b'), fc.array(word), {
      minKeys: 1,
    }),
  }),
  fc.record({ limit: fc.integer({ min: 1, max: 4 }) }),
)

const DEFAULTS = { string: 'd', strings: ['d'], date: '2026-01-15', integer: 0, boolean: false }
const when = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  fc.constantFrom(
    { strategy: { equals: 'samlp' } },
    { connection: { oneOf: ['corp', 'other'] } },
    { organization: { equals: 'acme' } },
    { attribute: { path: ['a'], exists: true } },
    { attribute: { path: ['groups'], contains: 'a' } },
    { emailVerified: { equals: true } },
    { emailDomain: { equals: 'example.com' } },
    { any: [{ role: { contains: 'editor' } }, { not: { country: { equals: 'CH' } } }] },
  ),
)

/** Names of targets, none inside another. */
const target = fc.oneof(
  fc.record({
    metadata: fc.constant('app_metadata'),
    path: fc.constantFrom(['idp', 'p'], ['idp', 'q', 'r'], ['idp', 'q', 's'], ['idp', 't']),
  }),
  fc.record({
    metadata: fc.constant('user_metadata'),
    path: fc.constantFrom(['idp', 'p'], ['idp', 'q', 'r'], ['idp', 't']),
  }),
)

const otherwise = (
  said: string,
  { as, mode }: { as: keyof typeof DEFAULTS; mode?: string },
): unknown => {
  if (said === 'default') return { default: DEFAULTS[as] }
  return said === 'delete' && mode !== 'force' ? 'keep' : said
}

const mapping = fc
  .tuple(
    fc.record(
      {
        when,
        from,
        transforms: fc.array(transform, { maxLength: 3 }),
        as: fc.constantFrom('string', 'strings', 'date', 'integer', 'boolean'),
        to: target,
        mode: fc.constantFrom('import', 'force', 'force', 'fill'),
        missing: fc.constantFrom('keep', 'delete', 'default'),
        unusable: fc.constantFrom('keep', 'delete', 'default'),
        grants: fc.constant(true as const),
        limits: fc.constant({ elements: 3 }),
      },
      { requiredKeys: ['when', 'from', 'as', 'to'] },
    ),
    fc.boolean(),
  )
  .map(([{ missing, unusable = 'keep', ...drawn }, overwrite]) => ({
    ...drawn,
    ...(missing !== undefined && { missing: otherwise(missing, drawn) }),
    unusable: otherwise(unusable, drawn),
    ...(overwrite && drawn.mode === 'force' && drawn.to.metadata === 'user_metadata'
      ? { overwriteUserEdits: true }
      : {}),
  })) as unknown as fc.Arbitrary<Mapping>

/** One target holds rights; mappings to it say what ends them, and to the others give none. */
const asAccepted = (drawn: Mapping): Mapping => {
  const { transforms = [] } = drawn
  if (drawn.to.path[1] !== 't') {
    const plain = transforms.filter((one) => typeof one === 'string' || one.roles === undefined)
    const rest = Object.entries(drawn).filter(([name]) => name !== 'grants')
    return { ...Object.fromEntries(rest), transforms: plain } as unknown as Mapping
  }
  const ends = (said: Mapping['missing']) =>
    said === undefined || said === 'keep' ? 'delete' : said
  return {
    ...drawn,
    when: { ...drawn.when, connection: { oneOf: ['corp', 'other'] } },
    mode: 'force',
    missing: ends(drawn.missing),
    unusable: ends(drawn.unusable),
  }
}

/** Without what the build refuses because an earlier mapping decides or has another type. */
const withoutUnreachable = (drawn: MapIdpAttributesSettings): MapIdpAttributesSettings => ({
  ...drawn,
  mappings: drawn.mappings.reduce<readonly Mapping[]>((kept, next) => {
    const all = [...kept, next]
    return checkOrder(all, drawn.defaults).length === 0 ? all : kept
  }, []),
})

const settings: fc.Arbitrary<MapIdpAttributesSettings> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({
        defaults: fc.record({
          mode: fc.constantFrom('import', 'force', 'fill'),
          missing: fc.constantFrom('keep', 'delete'),
          unusable: fc.constantFrom('keep', 'delete'),
          strategies: fc.constantFrom({}, { samlp: { mode: 'force' } } as const),
          connections: fc.constantFrom({}, { corp: { missing: 'delete' } } as const),
        }),
        limits: fc.constantFrom(
          { length: 256, elements: 50, bytes: 2048 },
          { length: 10, elements: 2, bytes: 16 },
        ),
        mappings: fc.array(mapping.map(asAccepted), { maxLength: 8 }),
      })
      .map(withoutUnreachable),
  },
  { weight: 1, arbitrary: fc.constant(OURS) },
)

const list = fc.array(word, { maxLength: 6 })
const attribute = fc.oneof(json, word, list, fc.integer(), fc.boolean())
const attributes = fc.dictionary(name, attribute)
const profile = fc.oneof(
  { weight: 1, arbitrary: json },
  {
    weight: 5,
    arbitrary: fc
      .tuple(
        attributes,
        attributes,
        fc.oneof(
          json,
          fc.array(
            fc.record(
              {
                connection: fc.constantFrom('corp', 'other', 'google-oauth2'),
                provider: fc.constantFrom('samlp', 'oidc'),
                user_id: fc.constantFrom('corp|ada', 'other|ada'),
                profileData: fc.oneof(attributes, json),
              },
              { requiredKeys: ['connection'] },
            ),
          ),
          // The identity used now is the only one.
          fc.constant(undefined),
        ),
      )
      .map(([root, nested, identities]) => ({
        ...root,
        nested,
        ...(identities !== undefined && { identities }),
      })),
  },
)
const namespace = fc.oneof(
  fc.dictionary(fc.constantFrom('p', 'q', 't', 'theirs', 'written'), fc.oneof(word, list, json)),
  fc.record({
    p: word,
    q: fc.record({ r: word, theirs: json }),
    written: fc.record({ p: word, 'q/r': word }),
  }),
)
const facts: fc.Arbitrary<IdpFacts> = fc
  .record({
    strategy: fc.constantFrom('samlp', 'oidc', 'constructor'),
    connection: fc.constantFrom('corp', 'google-oauth2', '__proto__'),
    connectionMetadata: fc.oneof(fc.dictionary(name, word), json),
    organizationMetadata: fc.oneof(fc.dictionary(name, word), json),
    profile,
    metadata: storedMetadata(['idp'], namespace),
  })
  .map(factsWith)

const shuffled = (value: unknown, turn: number): unknown => {
  if (!Array.isArray(value)) return value
  const copies = value.flatMap((element: unknown, index) =>
    index % 2 === turn % 2 ? [element, element] : [element],
  )
  const at = copies.length === 0 ? 0 : turn % copies.length
  return [...copies.slice(at), ...copies.slice(0, at)].reverse()
}

/** Changes each attribute of a profile, wherever a source may read it. */
const mapAttributes = (drawn: unknown, change: (attribute: unknown) => unknown): unknown => {
  if (typeof drawn !== 'object' || drawn === null || Array.isArray(drawn)) return drawn
  const isName = (key: string) => NAMES.includes(key)
  return Object.fromEntries(
    Object.entries(drawn).map(([key, value]: [string, unknown]): [string, unknown] => {
      if (isName(key)) return [key, change(value)]
      if (key === 'nested' || key === 'profileData') return [key, mapAttributes(value, change)]
      if (key === 'identities' && Array.isArray(value)) {
        return [key, value.map((identity) => mapAttributes(identity, change))]
      }
      return [key, value]
    }),
  )
}

describe('whatever is mapped, stored and said', () => {
  test('the arbitrary settings are such as the build accepts', () => {
    fc.assert(
      fc.property(settings, (drawn) => {
        expect(checkSettings(drawn)).toEqual([])
      }),
      { numRuns: 50 },
    )
  })

  test('the sign-in goes on, and a second one with nothing new writes nothing', () => {
    fc.assert(
      fc.property(settings, facts, (rules, drawn) => {
        const first = decideIdpAttributes(drawn, rules)
        expect(first.kind).toBe('allow')
        const metadata = mergeMetadata(drawn.metadata, first.changes)
        expect(decideIdpAttributes({ ...drawn, metadata }, rules).changes).toEqual([])
      }),
      RUNS,
    )
  })

  test('neither the order nor the repetition of elements matters', () => {
    fc.assert(
      fc.property(settings, facts, fc.nat(), (rules, drawn, turn) => {
        const other = {
          ...drawn,
          profile: mapAttributes(drawn.profile, (value) => shuffled(value, turn)),
        }
        // A list of 20,000 may double beyond the limit; none is drawn that long.
        expect(decideIdpAttributes(other, rules)).toEqual(decideIdpAttributes(drawn, rules))
      }),
      RUNS,
    )
  })

  test('one text and a list of it are the same', () => {
    fc.assert(
      fc.property(settings, facts, (rules, drawn) => {
        const other = {
          ...drawn,
          profile: mapAttributes(drawn.profile, (value) =>
            typeof value === 'string' ? [value] : value,
          ),
        }
        expect(decideIdpAttributes(other, rules)).toEqual(decideIdpAttributes(drawn, rules))
      }),
      RUNS,
    )
  })

  test('only the namespace changes, and in it only what is mapped', () => {
    fc.assert(
      fc.property(settings, facts, (rules, drawn) => {
        const { changes } = decideIdpAttributes(drawn, rules)
        const after = mergeMetadata(drawn.metadata, changes)
        for (const { metadata, key } of changes) {
          expect(key).toBe('idp')
          const theirs = (holder: unknown) => {
            const idp = own(holder, 'idp')
            if (!isObject(idp)) return {}
            const mapped = rules.mappings
              .filter(({ to }) => to.metadata === metadata)
              .map(({ to }) => to.path[1])
            return Object.fromEntries(
              Object.entries(idp).filter(
                ([member]) =>
                  !mapped.includes(member) &&
                  !(metadata === 'user_metadata' && member === 'written'),
              ),
            )
          }
          const before = theirs(drawn.metadata[metadata]) as JsonValue
          expect(theirs(after[metadata])).toEqual(withoutRefusedNames(before))
        }
      }),
      RUNS,
    )
  })

  test('a value of the user is never changed by a mapping that does not say so', () => {
    fc.assert(
      fc.property(settings, facts, word, (rules, drawn, edit) => {
        const careful = {
          ...rules,
          mappings: rules.mappings.filter(({ overwriteUserEdits }) => !overwriteUserEdits),
        }
        const first = decideIdpAttributes(drawn, careful)
        const { app_metadata, user_metadata } = mergeMetadata(drawn.metadata, first.changes)
        const idp = own(user_metadata, 'idp')
        fc.pre(isObject(idp) && own(idp['written'], 'p') !== edit && edit !== '')
        const written = idp as object
        const edited = { ...(user_metadata as object), idp: { ...written, p: edit } }
        const metadata = { app_metadata, user_metadata: edited }
        const { changes } = decideIdpAttributes({ ...drawn, metadata }, careful)
        expect(mergeMetadata(metadata, changes).user_metadata).toMatchObject({ idp: { p: edit } })
      }),
      RUNS,
    )
  })
})
