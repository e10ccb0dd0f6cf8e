/** What fast-check draws profiles from. A failing property prints its seed. */
import * as fc from 'fast-check'
import type { StoredMetadata } from '../../actions/shared/metadata.ts'

/** Enough to meet each branch many times, few enough for a suite of seconds. */
export const RUNS = { numRuns: 300 }

/** Any JSON, names that objects inherit among its keys. */
export const json = fc.oneof(
  { weight: 4, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('__proto__', 'constructor', 'toString', 'length'), fc.jsonValue())
      .map(([key, value]): unknown =>
        JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(value)}}`),
      ),
  },
)

/**
 * One stored metadata object. Mostly an object that holds some of `keys`, each with what `values`
 * draws or with junk; now and then no object at all.
 */
const storedObject = (keys: readonly string[], values: fc.Arbitrary<unknown>) =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(
          fc.dictionary(fc.constantFrom('foreign', 'other', ...keys), fc.oneof(values, json)),
          fc.dictionary(fc.string({ maxLength: 6 }), json, { maxKeys: 3 }),
        )
        .map(([known, foreign]) => ({ ...foreign, ...known })),
    },
    { weight: 1, arbitrary: json },
    { weight: 1, arbitrary: fc.constant(undefined) },
  )

/** Stored metadata that holds `keys` often enough for a rule about them to be met. */
export const storedMetadata = (
  keys: readonly string[],
  values: fc.Arbitrary<unknown> = json,
): fc.Arbitrary<StoredMetadata> =>
  fc.record({
    app_metadata: storedObject(keys, values),
    user_metadata: storedObject(keys, values),
  })
