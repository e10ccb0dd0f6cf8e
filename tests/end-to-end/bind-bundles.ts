import { readFileSync } from 'node:fs'
import type { TenantState } from '../../local-tenant/store.ts'
import { bindActions } from '../local-tenant/oidc/oidc-harness.ts'

const NAMES = [
  'guard-access',
  'map-idp-attributes',
  'enrich-profile',
  'enforce-terms',
  'add-claims',
] as const

/** Binds the five bundles as they were built, without the seconds that the Deploy CLI takes. */
export const bindBundles = (
  state: TenantState,
  secrets: { readonly TERMS_URL: string; readonly TERMS_TOKEN_SECRET: string },
): void => {
  bindActions(
    state,
    NAMES.map((name) => ({
      name,
      code: readFileSync(new URL(`../../dist/actions/${name}.js`, import.meta.url), 'utf8'),
      secrets: name === 'enforce-terms' ? { ...secrets } : {},
    })),
  )
}
