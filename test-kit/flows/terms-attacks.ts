/**
 * Every way we know to come back from the Terms page without an acceptance. One table for two
 * tests: on the flow engine, and over HTTPS through the local tenant.
 */
import { decodeJwt, SignJWT, type JWTPayload } from 'jose'

/** A user who was sent to the Terms page, as the browser sees it, and the key of the page. */
export interface SentAway {
  /** The token that went out. */
  readonly token: string
  /** The `state` that must come to `/continue`. */
  readonly state: string
  readonly key: string
}

/** What the browser brings to `/continue` beside the `state`. */
export interface Brought {
  readonly body?: string
  readonly query?: string
}

export interface Attack {
  readonly name: string
  /** The code that the application gets. */
  readonly code: string
  /**
   * @param sentAway the sign-in that is attacked
   * @param other a sign-in of somebody else that is at the same point
   * @param again another sign-in of the same user at the same point
   */
  readonly make: (sentAway: SentAway, other: SentAway, again: SentAway) => Promise<Brought>
}

interface Asked {
  readonly id: string
  readonly version: string
}

export const documentsOf = ({ token }: Pick<SentAway, 'token'>): readonly Asked[] =>
  decodeJwt<{ documents: Asked[] }>(token).documents

export const answersTo = (documents: readonly Asked[], answer = 'accepted'): object[] =>
  documents.map(({ id, version }) => ({
    id,
    version,
    answer,
    locale: 'de',
    hash: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is',
  }))

/** The claims of a right answer that accepts everything. */
export const claimsFor = ({ token, state }: SentAway, changes: object = {}): JWTPayload => {
  const { iss, sub, nonce } = decodeJwt(token)
  const iat = Math.floor(Date.now() / 1000)
  return {
    ...(iss !== undefined && { iss }),
    ...(sub !== undefined && { sub }),
    iat,
    exp: iat + 120,
    state,
    purpose: 'terms_answer',
    nonce,
    answers: answersTo(documentsOf({ token })),
    ...changes,
  }
}

export const sign = (claims: JWTPayload, key: string, alg = 'HS256'): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg, typ: 'JWT' }).sign(new TextEncoder().encode(key))

/** What the Terms page sends, with claims changed by a test. */
export const signAnswer = (sentAway: SentAway, changes: object = {}): Promise<string> =>
  sign(claimsFor(sentAway, changes), sentAway.key)

/** The same JSON with `__proto__` for an own key. */
const polluted = (value: object, proto: object): JWTPayload =>
  Object.defineProperty({ ...value }, '__proto__', { value: proto, enumerable: true })

const changed =
  (changes: (sentAway: SentAway) => object) =>
  async (sentAway: SentAway): Promise<Brought> => ({
    body: await signAnswer(sentAway, changes(sentAway)),
  })

const answering = (answers: (documents: readonly Asked[]) => object[]) =>
  changed((sentAway) => ({ answers: answers(documentsOf(sentAway)) }))

const base64url = (value: object): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url')

const minutesAhead = (minutes: number): number => Math.floor(Date.now() / 1000) + 60 * minutes

const invalid: [string, Attack['make']][] = [
  ['no token', async () => ({})],
  ['an empty token', async () => ({ body: '' })],
  ["somebody else's token", async (_sentAway, other) => ({ body: await signAnswer(other) })],
  [
    "somebody else's token, made for this state",
    async ({ state }, other) => ({ body: await signAnswer({ ...other, state }) }),
  ],
  [
    "another transaction's token",
    async (_sentAway, _other, again) => ({ body: await signAnswer(again) }),
  ],
  [
    "another transaction's token, made for this state",
    async ({ state }, _other, again) => ({ body: await signAnswer({ ...again, state }) }),
  ],
  ['the outgoing token echoed back', async ({ token }) => ({ body: token })],
  ['the outgoing token echoed back in the query', async ({ token }) => ({ query: token })],
  [
    'the outgoing token signed again with the state',
    async ({ token, state, key }) => ({ body: await sign({ ...decodeJwt(token), state }, key) }),
  ],
  ['an expired token', changed(() => ({ iat: minutesAhead(-10), exp: minutesAhead(-8) }))],
  ['a token that never expires', changed(() => ({ exp: undefined }))],
  ['a token that is not yet valid', changed(() => ({ nbf: minutesAhead(5) }))],
  ['a token from the future', changed(() => ({ iat: minutesAhead(5), exp: minutesAhead(7) }))],
  ['a right answer that is good for years', changed(() => ({ exp: minutesAhead(3 * 365 * 1440) }))],
  [
    'an answer of an hour ago that is still good',
    changed(() => ({ iat: minutesAhead(-60), exp: minutesAhead(1) })),
  ],
  ['a right answer without iat', changed(() => ({ iat: undefined }))],
  ['a right answer with null for iat', changed(() => ({ iat: null }))],
  ['a right answer with a fraction in iat', changed(() => ({ iat: minutesAhead(0) - 0.5 }))],
  [
    'another set of versions',
    answering((documents) => answersTo(documents.map(({ id }) => ({ id, version: '2020-01-01' })))),
  ],
  [
    'alg: none',
    async (sentAway) => ({
      body: `${base64url({ alg: 'none', typ: 'JWT' })}.${base64url(claimsFor(sentAway))}.`,
    }),
  ],
  [
    'another algorithm',
    async (sentAway) => ({
      body: await sign(claimsFor(sentAway), sentAway.key.repeat(2), 'HS512'),
    }),
  ],
  [
    'another algorithm with the right key',
    async (sentAway) => ({ body: await sign(claimsFor(sentAway), sentAway.key, 'HS384') }),
  ],
  [
    'the wrong key',
    async (sentAway) => ({ body: await sign(claimsFor(sentAway), `other-${sentAway.key}`) }),
  ],
  [
    'a signature that was cut off',
    async (sentAway) => ({ body: (await signAnswer(sentAway)).replace(/\.[^.]*$/, '.') }),
  ],
  ['a huge token', async () => ({ body: `eyJhbGciOiJIUzI1NiJ9.${'A'.repeat(80_000)}.AAAA` })],
  [
    'a huge token, rightly signed',
    answering((documents) => Array<object[]>(60).fill(answersTo(documents)).flat()),
  ],
  [
    'a right token in both query and body',
    async (sentAway) => {
      const token = await signAnswer(sentAway)
      return { body: token, query: token }
    },
  ],
  [
    'the outgoing token in the query and a right one in the body',
    async (sentAway) => ({ body: await signAnswer(sentAway), query: sentAway.token }),
  ],
  [
    'a right token in the query and nonsense in the body',
    async (sentAway) => ({ body: 'nonsense', query: await signAnswer(sentAway) }),
  ],
  ['an extra document', answering((asked) => answersTo([...asked, { id: 'extra', version: '1' }]))],
  ['a missing document', answering((asked) => answersTo(asked.slice(1)))],
  ['no document', answering(() => [])],
  ['a document twice', answering((asked) => answersTo([...asked, ...asked.slice(-1)]))],
  [
    'an unknown document',
    answering(([, ...rest]) => answersTo([{ id: 'unknown', version: '2026-11-01' }, ...rest])),
  ],
  [
    'a document called __proto__',
    answering(([, ...rest]) => answersTo([{ id: '__proto__', version: '1' }, ...rest])),
  ],
  [
    'a document called constructor',
    answering(([, ...rest]) => answersTo([{ id: 'constructor', version: '1' }, ...rest])),
  ],
  ['another word for yes', answering((asked) => answersTo(asked, 'ACCEPTED'))],
  [
    'claims behind __proto__',
    async (sentAway) => {
      const { answers, nonce, purpose, ...standard } = claimsFor(sentAway)
      return { body: await sign(polluted(standard, { answers, nonce, purpose }), sentAway.key) }
    },
  ],
  [
    'right claims and a __proto__ that pollutes',
    async (sentAway) => ({
      body: await sign(polluted(claimsFor(sentAway), { isAdmin: true }), sentAway.key),
    }),
  ],
  [
    'right answers with a __proto__ that pollutes',
    answering((asked) => answersTo(asked).map((one) => polluted(one, { answer: 'accepted' }))),
  ],
]

export const ATTACKS: readonly Attack[] = [
  ...invalid.map(([name, make]) => ({ name, code: 'terms_answer_invalid', make })),
  {
    name: 'a required document declined and the rest accepted',
    code: 'terms_declined',
    make: answering(([first, ...rest]) => [
      ...answersTo(first === undefined ? [] : [first], 'declined'),
      ...answersTo(rest),
    ]),
  },
  {
    name: 'a required document put off that is in force',
    code: 'terms_version_changed',
    make: answering(([first, ...rest]) => [
      ...answersTo(first === undefined ? [] : [first], 'deferred'),
      ...answersTo(rest),
    ]),
  },
]
