/**
 * What each Action says of itself: its settings by its own schema, its manifest by ours, both
 * against `tenant.yaml` and against the other Actions.
 */
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
import { retiredKeys } from '../actions/shared/check-retired.ts'
import * as s from '../actions/shared/schema.ts'
import { problemAt, type Problem, type Result } from '../actions/shared/problem.ts'
import { inFile } from '../cli/problems.ts'
import { missingFile } from './load-problem.ts'
import { dataFlowProblems, EXTERNAL_KEYS_FILE, type ActionManifest } from './data-flow.ts'

/** How the build reads a project. */
export interface ProjectFiles {
  has(file: string): boolean
  /** The exports of a TypeScript file. */
  load(file: string): Promise<Result<Readonly<Record<string, unknown>>>>
}

export const checkActions = async (
  names: readonly string[],
  /** Actions of which the folder is there, and the project does without. */
  leftOut: readonly string[],
  entries: readonly TenantEntry[],
  files: ProjectFiles,
): Promise<Problem[]> => {
  const [external, ...checked] = await Promise.all([
    loadExternalKeys(files),
    ...names.map((name) => checkAction(name, files)),
  ])
  const problems = [...checked, external].flatMap((one) => (one.ok ? [] : one.problems))
  const manifests = checked.flatMap((one) => (one.ok ? [one.value] : []))
  return [
    ...problems,
    ...manifests.flatMap(({ warnings }) => warnings),
    ...manifests.flatMap((action) => secretProblems(action, entries)),
    // Where an Action cannot be read, nobody knows what it writes.
    ...(external.ok && problems.length === 0
      ? dataFlowProblems(manifests, external.value, await loadManifests(leftOut, files))
      : []),
  ]
}

/** What cannot be read is not asked: nobody deploys it. */
const loadManifests = async (
  names: readonly string[],
  files: ProjectFiles,
): Promise<ActionManifest[]> => {
  const checked = await Promise.all(names.map((name) => checkAction(name, files)))
  return checked.flatMap((one) => (one.ok ? [one.value] : []))
}

const checkAction = async (
  name: string,
  files: ProjectFiles,
): Promise<Result<ActionManifest & { readonly warnings: readonly Problem[] }>> => {
  const [settingsFile, schemaFile, manifestFile] = ['settings', 'schema', 'manifest'].map(
    (file) => `actions/${name}/${file}.ts`,
  ) as [string, string, string]
  const hasSettings = [settingsFile, schemaFile].some((file) => files.has(file))
  const needed = hasSettings ? [settingsFile, schemaFile, manifestFile] : [manifestFile]
  const missing = needed.filter((file) => !files.has(file))
  if (missing.length > 0) return { ok: false, problems: missing.map(missingFile) }
  const said = hasSettings ? await checkSettings(settingsFile, schemaFile, files) : []
  if (said.some(({ isWarning }) => !isWarning)) return { ok: false, problems: said }
  const manifest = await loadExport(manifestFile, 'manifest', manifestSchema, files)
  const file = hasSettings ? settingsFile : manifestFile
  return manifest.ok
    ? { ok: true, value: { name, file, manifest: manifest.value, warnings: said } }
    : manifest
}

const checkSettings = async (
  settingsFile: string,
  schemaFile: string,
  files: ProjectFiles,
): Promise<Problem[]> => {
  const [settings, schema] = await Promise.all([files.load(settingsFile), files.load(schemaFile)])
  if (!settings.ok) return [...settings.problems]
  if (!schema.ok) return [...schema.problems]
  const { checkSettings: check } = schema.value
  if (typeof check !== 'function') {
    return problemAt(schemaFile, 'must export checkSettings', 'code_invalid')
  }
  try {
    return inFile(
      settingsFile,
      (check as (value: unknown) => Problem[])(settings.value['settings']),
    )
  } catch (error) {
    return problemAt(schemaFile, `fails in checkSettings: ${String(error)}`, 'code_invalid')
  }
}

/** An export that is of this form. */
const loadExport = async <T>(
  file: string,
  name: string,
  schema: s.Schema<T>,
  files: ProjectFiles,
): Promise<Result<T>> => {
  const loaded = await files.load(file)
  if (!loaded.ok) return loaded
  const value = loaded.value[name]
  const problems = inFile(file, s.problemsIn(schema, value, name))
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: value as T }
}

const loadExternalKeys = async (files: ProjectFiles): Promise<Result<readonly ExternalKey[]>> => {
  if (!files.has(EXTERNAL_KEYS_FILE)) return { ok: true, value: [] }
  const loaded = await loadExport(EXTERNAL_KEYS_FILE, 'externalKeys', s.list(externalKey), files)
  const problems = loaded.ok ? loaded.value.flatMap(externalKeyProblems) : []
  return problems.length > 0 ? { ok: false, problems } : loaded
}

const externalKeyProblems = ({ key, writer, why }: ExternalKey, index: number): Problem[] => {
  const [metadata = '', name = ''] = key.split('.')
  const nameProblem = metadataKeyProblem(metadata as MetadataKind, name)
  const isUsers = key.startsWith('user_metadata.') && writer !== 'user'
  const at = `externalKeys[${index}]`
  return inFile(EXTERNAL_KEYS_FILE, [
    ...problemAt(
      `${at}.key`,
      /^(?:app|user)_metadata(?:\.[^.$]+)+$/.test(key)
        ? nameProblem && `${key} ${nameProblem}`
        : 'is no place in metadata; write e.g. "app_metadata.contract"',
    ),
    ...problemAt(
      `${at}.writer`,
      isUsers ? 'must be "user": users may write all of user_metadata' : undefined,
    ),
    ...problemAt(
      `${at}.why`,
      why.trim() === '' ? 'is empty; say it for whoever reads it later' : undefined,
    ),
  ])
}

const place = s.string as unknown as s.Schema<MetadataPlace>

const externalKey = s.object<ExternalKey>({
  key: place,
  writer: s.words('administrator', 'identityProvider', 'user'),
  why: s.string,
})

const manifestSchema = s.object<Manifest>({
  writes: s.list(place),
  retiredKeys: s.optional(retiredKeys),
  wordOf: s.optional(s.string),
  reads: s.list(
    s.object<MetadataRead>({
      path: s.string,
      metadata: s.words('app_metadata', 'user_metadata'),
      names: s.list(s.string),
      exempts: s.optional(s.only(true)),
    }),
  ),
  readsAttributes: s.optional(s.list(s.object<AttributeRead>({ path: s.string, name: s.string }))),
  external: s.optional(s.list(externalKey)),
  secrets: s.list(s.string),
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
  const needed = new Set(manifest.secrets)
  const messages = [
    ...[...needed]
      .filter((secret) => !given.includes(secret))
      .map((secret) => `lacks the secret ${secret}`),
    ...given
      .filter((secret) => !needed.has(secret))
      .map((secret) => `sets the secret ${secret}, which nothing in it reads`),
  ]
  return messages.flatMap((message) =>
    problemAt(`tenant.yaml: actions.${name}`, message, 'tenant_file_invalid'),
  )
}

/** `tenant.yaml` may hold anything there; its own check says so. */
const namesIn = (secrets: unknown): string[] =>
  (Array.isArray(secrets) ? secrets : [])
    .map((secret) => own(secret, 'name'))
    .filter((name) => typeof name === 'string')
