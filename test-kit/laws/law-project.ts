import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AddClaimsSettings } from '../../actions/add-claims/schema.ts'
import type { MapIdpAttributesSettings } from '../../actions/map-idp-attributes/mapping.ts'
import type { Manifest } from '../../actions/shared/manifest.ts'
import { loadTypeScript } from '../../build/load-typescript.ts'
import { loadTenantFile } from '../../build/tenant-file.ts'
import type { BoundAction } from '../../local-tenant/runtime/flow.ts'
import { SECRETS } from '../flows/local-flow.ts'
import type { LawSubject } from './arbitraries.ts'

/** A project whatever its settings and Actions are, with the bundles of its last build. */
export interface LawProject extends LawSubject {
  /** In the order of `tenant.yaml`. */
  readonly actions: BoundAction[]
  /** Of add-claims, if the project has it. */
  readonly claims: AddClaimsSettings | undefined
}

export const loadLawProject = async (root: string): Promise<LawProject> => {
  const { actions, triggers } = await loadTenantFile(root)
  const names = (triggers['post-login'] ?? []).map(({ action_name: name }) => name)
  const load = async (file: string, name: string): Promise<unknown> =>
    existsSync(join(root, file)) ? (await loadTypeScript(root, file))[name] : undefined
  const settingsOf = async (name: string): Promise<unknown> =>
    names.includes(name) ? load(`actions/${name}/settings.ts`, 'settings') : undefined
  const manifests: Record<string, Manifest> = {}
  for (const name of names) {
    manifests[name] = (await load(`actions/${name}/manifest.ts`, 'manifest')) as Manifest
  }
  const map = (await settingsOf('map-idp-attributes')) as MapIdpAttributesSettings | undefined
  return {
    actions: names.map((name) => ({
      versionId: `${name} of ${root}`,
      name,
      code: readFileSync(join(root, 'dist', 'actions', `${name}.js`), 'utf8'),
      secrets: Object.fromEntries(
        (actions.find((action) => action.name === name)?.secrets ?? []).map((secret) => [
          secret.name,
          secretFor(secret.name),
        ]),
      ),
      dependencies: [],
    })),
    manifests,
    mappings: map?.mappings ?? [],
    claims: (await settingsOf('add-claims')) as AddClaimsSettings | undefined,
  }
}

const secretFor = (name: string): string =>
  name.endsWith('_URL')
    ? `https://${name.toLowerCase().replaceAll('_', '-')}.example.com/`
    : SECRETS.TERMS_TOKEN_SECRET
