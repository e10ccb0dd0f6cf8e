import { join } from 'node:path'
import { requireBrand } from '../../portal/brand.ts'
import { FIXTURE } from '../fixture-project.ts'

/** The folder whose brand and texts tests show. */
export const FIXTURE_PORTAL = join(FIXTURE, 'portal')

/** Options of a portal with that brand and these texts. */
export const FIXTURE_PAGES = {
  brand: requireBrand(join(FIXTURE_PORTAL, 'brand.json')),
  termsFolder: join(FIXTURE_PORTAL, 'terms'),
}
