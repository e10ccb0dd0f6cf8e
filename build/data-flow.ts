/**
 * What the Actions write and read in metadata, held against each other: each key has one owner, what
 * is read is written by somebody, and nobody is exempted on the word of an identity provider or a
 * user.
 */
import { problemAt, type Problem } from '../actions/shared/problem.ts'
import { inFile } from '../cli/problems.ts'
import {
  keysOf,
  topLevel,
  type ExternalKey,
  type Manifest,
  type MetadataRead,
} from '../actions/shared/manifest.ts'
import { jsonEqual } from '../actions/shared/json.ts'
import { metadataKeyProblem, type MetadataKind } from '../actions/shared/metadata.ts'
import { nearest } from '../actions/shared/schema.ts'

export interface ActionManifest {
  readonly name: string
  /** Where a team changes what the Action writes and reads. */
  readonly file: string
  readonly manifest: Manifest
}

/** The team's own declarations of what others write. */
export const EXTERNAL_KEYS_FILE = 'actions/external-keys.ts'

/** What nobody may remove. */
const EVIDENCE = ['app_metadata.terms']

const REMEDY = `declare the key in ${EXTERNAL_KEYS_FILE}`

/** Whose word it is, as a message says it. */
const WRITERS: Readonly<Record<ExternalKey['writer'], string>> = {
  administrator: 'an administrator',
  identityProvider: 'an identity provider',
  user: 'the user',
}

export const dataFlowProblems = (
  actions: readonly ActionManifest[],
  externalKeys: readonly ExternalKey[],
  leftOut: readonly ActionManifest[],
): Problem[] => {
  const owners = new Map<string, ActionManifest>()
  const taken = actions.flatMap((action) =>
    keysOf(action.manifest).flatMap((key): Problem[] => {
      const owner = owners.get(key)
      if (owner === undefined) owners.set(key, action)
      return owner === undefined ? [] : said(action.file, key, `belongs to ${owner.name}`)
    }),
  )
  const external = [...actions.flatMap(({ manifest }) => manifest.external ?? []), ...externalKeys]
  const flow: Flow = { actions, owners, external, leftOut }
  return [
    ...actions.flatMap(keyNameProblems),
    ...taken,
    ...actions.flatMap(({ name, manifest }) => contestedKeys(name, manifest, owners)),
    ...externalProblems(externalKeys, flow),
    ...actions.flatMap((action) => retiredProblems(action, flow)),
    ...actions.flatMap(({ file, manifest }) => [
      ...manifest.reads.flatMap((read) => said(file, read.path, readProblem(read, flow))),
      ...(manifest.readsAttributes ?? []).flatMap(({ path, name }) =>
        said(file, path, hiddenProblem(name, flow)),
      ),
    ]),
  ]
}

interface Flow {
  readonly actions: readonly ActionManifest[]
  /** By top-level key. */
  readonly owners: ReadonlyMap<string, ActionManifest>
  readonly external: readonly ExternalKey[]
  /** The project has their folders and does without them. */
  readonly leftOut: readonly ActionManifest[]
}

const said = (file: string, path: string, message: string | undefined): Problem[] =>
  inFile(file, problemAt(path, message))

const keyNameProblems = ({ file, manifest }: ActionManifest): Problem[] =>
  keysOf(manifest).flatMap((target) => {
    const [metadata = '', key = ''] = target.split('.')
    const problem = metadataKeyProblem(metadata as MetadataKind, key)
    return said(file, target, problem)
  })

/** What the code of an Action takes for the word of others must not be written by ours. */
const contestedKeys = (
  reader: string,
  { external = [] }: Manifest,
  owners: Flow['owners'],
): Problem[] =>
  external.flatMap(({ key, writer }) => {
    const owner = owners.get(topLevel(key))
    return said(
      owner?.file ?? '',
      key,
      owner &&
        `is what ${reader} takes for the word of ${WRITERS[writer]}, and ${owner.name} writes it; write another key`,
    )
  })

/** What an Action removes must be nobody's any more, its own included, and no evidence. */
const retiredProblems = (action: ActionManifest, flow: Flow): Problem[] =>
  (action.manifest.retiredKeys ?? []).flatMap(({ metadata, path, movedTo }, index, keys) => {
    const target = movedTo && placeOf(metadata, movedTo)
    const isKept = action.manifest.writes.some((write) => target && covers(write, target))
    const isTwice = keys
      .slice(0, index)
      .some((other) => movedTo && jsonEqual([other.metadata, other.movedTo], [metadata, movedTo]))
    return [
      ...said(
        action.file,
        `retiredKeys[${index}]`,
        whyNotRetired(placeOf(metadata, path), action, flow),
      ),
      ...said(
        action.file,
        `retiredKeys[${index}].movedTo`,
        target !== undefined && !isKept
          ? `is ${target}, which ${action.name} does not write; name a place that it writes`
          : isTwice
            ? `is ${target ?? ''}, where another key moves to; keep one of the two`
            : undefined,
      ),
    ]
  })

const whyNotRetired = (
  place: string,
  action: ActionManifest,
  { owners, external, leftOut }: Flow,
): string | undefined => {
  const evidence = EVIDENCE.find((key) => overlap(key, place))
  if (evidence !== undefined) {
    return `removes ${evidence}, which is evidence of what users accepted; take it out`
  }
  const left = leftOut.find(({ manifest }) =>
    [...manifest.writes, ...(manifest.external ?? []).map(({ key }) => key)].some((key) =>
      overlap(key, place),
    ),
  )
  if (left !== undefined) {
    return `removes ${place}, which is that of ${left.name}, for the day when tenant.yaml lists it again; take it out`
  }
  const declared = external.find(({ key }) => overlap(key, place))
  if (declared !== undefined) {
    return `removes ${place}, which is declared as what ${WRITERS[declared.writer]} writes; take it out, or the declaration`
  }
  const owner = owners.get(topLevel(place))
  const isWritten = (owner?.manifest.writes ?? []).some((write) => overlap(write, place))
  return owner !== undefined && (isWritten || owner !== action)
    ? `removes ${place}, and ${owner.name} writes ${isWritten ? 'it' : topLevel(place)}; take it out, or retire it there`
    : undefined
}

const placeOf = (metadata: string, path: readonly string[]): string => [metadata, ...path].join('.')

const overlap = (one: string, other: string): boolean => covers(one, other) || covers(other, one)

const externalProblems = (keys: readonly ExternalKey[], { owners, external }: Flow): Problem[] =>
  keys.flatMap((declared, index) => {
    const { key } = declared
    const owner = owners.get(topLevel(key))
    const other = external.find((one) => one !== declared && covers(one.key, key))
    return said(
      EXTERNAL_KEYS_FILE,
      `externalKeys[${index}].key`,
      owner
        ? `${key} is written by ${owner.name}, so it is nobody else's; take it out`
        : other && `${key} is declared already, by ${other.key}; keep one of the two`,
    )
  })

/** Whether `inner` is `outer` or lies below it. */
const covers = (outer: string, inner: string): boolean => `${inner}.`.startsWith(`${outer}.`)

const readProblem = (read: MetadataRead, flow: Flow): string | undefined => {
  const { actions, owners, external, leftOut } = flow
  // A name with a dot is not to be found, because Auth0 refuses to store it.
  const place = placeOf(
    read.metadata,
    read.names.map((name) => name.replaceAll('.', '\\.')),
  )
  for (const action of actions) {
    const { name, manifest } = action
    const retired = manifest.retiredKeys?.find(({ metadata, path }) =>
      overlap(placeOf(metadata, path), place),
    )
    if (retired === undefined) continue
    const { metadata, path, movedTo } = retired
    // That it must not be retired is said there; whoever reads it does nothing wrong.
    if (whyNotRetired(placeOf(metadata, path), action, flow) !== undefined) continue
    return `reads ${place}, which ${name} removes by its retiredKeys; ${movedTo === undefined ? 'take it out' : `read ${placeOf(metadata, movedTo)}`}`
  }
  const owner = owners.get(topLevel(place))
  if (owner !== undefined && read.exempts) {
    return `rests on ${place}, which ${owner.name} writes: the word of ${owner.manifest.wordOf ?? 'others'} must not exempt anybody or let them in. Rest it on a key of app_metadata that only an administrator writes, and ${REMEDY}`
  }
  const places: readonly string[] = owner?.manifest.writes ?? external.map(({ key }) => key)
  const found = places.find((other) => covers(other, place))
  if (found === undefined && !(places.some((other) => covers(place, other)) && !read.exempts)) {
    const absent = leftOut.find(({ manifest }) =>
      manifest.writes.some((write) => overlap(write, place)),
    )
    if (owner === undefined && absent !== undefined) {
      return `reads ${place}, which ${absent.name} writes, and tenant.yaml does not list it: take this out, or list it`
    }
    const meant = meantPlace(place, [...owners.values()], external)
    return [
      owner === undefined
        ? `reads ${place}, which no Action writes and nobody declared`
        : `reads ${place}, which ${owner.name} does not write, though it writes ${topLevel(place)}`,
      meant === undefined ? '' : `: did you mean ${meant}?`,
      owner === undefined ? `${meant === undefined ? ';' : ' Or'} ${REMEDY}` : '',
    ].join('')
  }
  if (!read.exempts) return undefined
  const writer = external.find(({ key }) => key === found)?.writer
  const whole = topLevel(place)
  const beside = external.find(
    (one) => topLevel(one.key) === whole && one.writer !== 'administrator',
  )
  if (writer === 'administrator' && beside !== undefined) {
    return `rests on ${place}, beside which ${WRITERS[beside.writer]} writes ${beside.key} by ${EXTERNAL_KEYS_FILE}; a write may replace all of ${whole}, so all of it must be an administrator's`
  }
  return writer !== 'administrator'
    ? `rests on ${place}, which holds the word of ${writer === undefined ? 'nobody known' : WRITERS[writer]} by ${EXTERNAL_KEYS_FILE}; only that of an administrator may exempt somebody or let them in`
    : undefined
}

const meantPlace = (
  place: string,
  owners: readonly ActionManifest[],
  external: readonly ExternalKey[],
): string | undefined => {
  const [metadata = ''] = place.split('.')
  const below = (other: string): string => other.slice(metadata.length + 1)
  const known = [
    ...owners.flatMap(({ manifest }) => manifest.writes),
    ...external.map(({ key }) => key),
  ].filter((other) => covers(metadata, other))
  const name = nearest(below(place), known.map(below))
  return name && `${metadata}.${name}`
}

/** Inside an Action, `app_metadata` of the same name hides an attribute on the root of the profile. */
const hiddenProblem = (name: string, { owners, external }: Flow): string | undefined => {
  const key = `app_metadata.${name}`
  const declared = external.find((one) => covers(key, one.key))
  const writer = owners.get(key)?.name ?? (declared && WRITERS[declared.writer])
  return writer && `"${name}" is hidden by ${key}, which ${writer} writes; rename either`
}
