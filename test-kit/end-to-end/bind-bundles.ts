import { renderProblems } from '../../cli/problems.ts'
import { deployToStore, planLocalDeployment } from '../../playground/deploy-to-store.ts'
import type { TenantState } from '../../local-tenant/store.ts'
import { FIXTURE } from '../fixture-project.ts'
import { CUSTOMER_TOKEN } from './local-world.ts'

/** Deploys the bundles as they were built, as `npm start` does. */
export const bindBundles = async (
  state: TenantState,
  secrets: {
    readonly TERMS_URL: string
    readonly TERMS_TOKEN_SECRET: string
    readonly CUSTOMER_URL?: string
  },
): Promise<void> => {
  const planned = await planLocalDeployment(FIXTURE, {
    CUSTOMER_URL: 'https://localhost:9/customers',
    CUSTOMER_TOKEN,
    ...secrets,
  })
  if (!planned.ok) throw new Error(renderProblems(planned.problems))
  deployToStore(state, planned.value, Date.now())
}
