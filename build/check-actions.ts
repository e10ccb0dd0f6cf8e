/**
 * What each Action says of itself: its settings by its own schema, its manifest by ours, both
 * against `tenant.yaml` and against the other Actions.
 */
import type { Problem } from './problem.ts'
import type { TenantEntry } from './tenant-file.ts'
import type {
  AttributeRead,
  ExternalKey,
  Manifest,
  MetadataPlace,
  MetadataRead,
} from '../actions/shared/manifest.ts'
import { own } from '../actions/shared/json.ts'
import { metadataKeyProblem, type MetadataKind } from '../actions/shared/metadata.ts'
import * as s from '../actions/shared/schema.ts'
import type { SettingsProblem } from '../actions/shared/settings-problem.ts'
import { dataFlowProblems, EXTERNAL_KEYS_FILE, type ActionManifest } from './data-flow.ts'

/** How the build reads a project. */
export interface ProjectFiles {
  has(file: string): boolean
  /** The exports of a TypeScript file, or why it cannot be loaded. */
  load(file: string): Promise<{ exports: Readonly<Record<string, unknown>> } | { problem: Problem }>
}

export const checkActions = async (
  names: readonly string[],
  entries: readonly TenantEntry[],
  files: ProjectFiles,
): Promise<Problem[]> => {
  const [external, ...checked] = await Promise.all([
    loadExternalKeys(files),
    ...names.map((name) => checkAction(name, files)),
  ])
  const problems = [...checked.flatMap((one) => one.problems), ...external.problems]
  const manifests = checked.flatMap(({ action }) => (action === undefined ? [] : [action]))
  return [
    ...problems,
    ...manifests.flatMap((action) => secretProblems(action, entries)),
    // Where an Action cannot be read, nobody knows what it writes.
    ...(problems.length === 0 ? dataFlowProblems(manifests, external.keys) : []),
  ]
}

const checkAction = async (
  name: string,
  files: ProjectFiles,
): Promise<{ problems: Problem[]; action?: ActionManifest }> => {
  const [settingsFile, schemaFile, manifestFile] = ['settings', 'schema', 'manifest'].map(
    (file) => `actions/${name}/${file}.ts`,
  ) as [string, string, string]
  const hasSettings = [settingsFile, schemaFile].some((file) => files.has(file))
  const needed = hasSettings ? [settingsFile, schemaFile, manifestFile] : [manifestFile]
  const missing = needed.filter((file) => !files.has(file))
  if (missing.length > 0) {
    return { problems: missing.map((file) => ({ file, reason: 'is missing' })) }
  }
  if (hasSettings) {
    const problems = await checkSettings(settingsFile, schemaFile, files)
    if (problems.length > 0) return { problems }
  }
  const manifest = await loadExport(manifestFile, 'manifest', manifestSchema, files)
  return 'problems' in manifest
    ? manifest
    : {
        problems: [],
        action: { name, file: hasSettings ? settingsFile : manifestFile, manifest: manifest.value },
      }
}

const checkSettings = async (
  settingsFile: string,
  schemaFile: string,
  files: ProjectFiles,
): Promise<Problem[]> => {
  const [settings, schema] = await Promise.all([files.load(settingsFile), files.load(schemaFile)])
  if ('problem' in settings) return [settings.problem]
  if ('problem' in schema) return [schema.problem]
  const { checkSettings: check } = schema.exports
  if (typeof check !== 'function')
    return [{ file: schemaFile, reason: 'must export checkSettings' }]
  try {
    const problems = (check as (value: unknown) => SettingsProblem[])(settings.exports['settings'])
    return asProblems(settingsFile, problems)
  } catch (error) {
    return [{ file: schemaFile, reason: `checkSettings throws: ${String(error)}` }]
  }
}

const asProblems = (file: string, problems: readonly SettingsProblem[]): Problem[] =>
  problems.map(({ path, message }) => ({ file, reason: `${path} ${message}` }))

/** An export that is of this form. */
const loadExport = async <T>(
  file: string,
  name: string,
  schema: s.Schema<T>,
  files: ProjectFiles,
): Promise<{ value: T } | { problems: Problem[] }> => {
  const loaded = await files.load(file)
  if ('problem' in loaded) return { problems: [loaded.problem] }
  const value = loaded.exports[name]
  const problems = s.problemsIn(schema, value, name)
  return problems.length > 0 ? { problems: asProblems(file, problems) } : { value: value as T }
}

const loadExternalKeys = async (
  files: ProjectFiles,
): Promise<{ problems: Problem[]; keys: readonly ExternalKey[] }> => {
  if (!files.has(EXTERNAL_KEYS_FILE)) return { problems: [], keys: [] }
  const loaded = await loadExport(EXTERNAL_KEYS_FILE, 'externalKeys', s.list(externalKey), files)
  return 'problems' in loaded
    ? { ...loaded, keys: [] }
    : { problems: loaded.value.flatMap(externalKeyProblems), keys: loaded.value }
}

const externalKeyProblems = ({ key, writer, why }: ExternalKey, index: number): Problem[] => {
  const [metadata = '', name = ''] = key.split('.')
  const nameProblem = metadataKeyProblem(metadata as MetadataKind, name)
  const isUsers = key.startsWith('user_metadata.') && writer !== 'user'
  const problems: SettingsProblem[] = [
    ...(/^(?:app|user)_metadata(?:\.[^.$]+)+$/.test(key)
      ? nameProblem === undefined
        ? []
        : [{ path: 'key', message: `${key} ${nameProblem}` }]
      : [{ path: 'key', message: 'is no place in metadata; write e.g. "app_metadata.contract"' }]),
    ...(isUsers
      ? [{ path: 'writer', message: 'must be "user": users may write all of user_metadata' }]
      : []),
    ...(why.trim() === ''
      ? [{ path: 'why', message: 'is empty; say it for whoever reads it later' }]
      : []),
  ]
  return asProblems(
    EXTERNAL_KEYS_FILE,
    problems.map(({ path, message }) => ({ path: `externalKeys[${index}].${path}`, message })),
  )
}

const place = s.text as unknown as s.Schema<MetadataPlace>

const externalKey = s.object<ExternalKey>({
  key: place,
  writer: s.words('administrator', 'identityProvider', 'user'),
  why: s.text,
})

const manifestSchema = s.object<Manifest>({
  writes: s.list(place),
  wordOf: s.optional(s.text),
  reads: s.list(
    s.object<MetadataRead>({
      path: s.text,
      metadata: s.words('app_metadata', 'user_metadata'),
      names: s.list(s.text),
      exempts: s.optional(s.only(true)),
    }),
  ),
  readsAttributes: s.optional(s.list(s.object<AttributeRead>({ path: s.text, name: s.text }))),
  external: s.optional(s.list(externalKey)),
  secrets: s.list(s.text),
  optional: s.optional(s.only(true)),
  fails: s.words('open', 'closed'),
})

const secretProblems = (
  { name, manifest }: ActionManifest,
  entries: readonly TenantEntry[],
): Problem[] => {
  const entry = entries.find((one) => one.name === name)
  // That it is not in tenant.yaml at all is said elsewhere.
  if (entry === undefined) return []
  const given = namesIn(entry.secrets)
  const file = 'tenant.yaml'
  const needed = new Set(manifest.secrets)
  return [
    ...[...needed]
      .filter((secret) => !given.includes(secret))
      .map((secret) => ({ file, reason: `action "${name}" lacks the secret ${secret}` })),
    ...given
      .filter((secret) => !needed.has(secret))
      .map((secret) => ({
        file,
        reason: `action "${name}" sets the secret ${secret}, which nothing in it reads`,
      })),
  ]
}

/** `tenant.yaml` may hold anything there; its own check says so. */
const namesIn = (secrets: unknown): string[] =>
  (Array.isArray(secrets) ? secrets : [])
    .map((secret) => own(secret, 'name'))
    .filter((name) => typeof name === 'string')
