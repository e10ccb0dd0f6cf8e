import { manifestOf as claimsManifest } from '../../actions/add-claims/manifest.ts'
import { manifestOf as termsManifest } from '../../actions/enforce-terms/manifest.ts'
import { manifestOf as profileManifest } from '../../actions/enrich-profile/manifest.ts'
import { manifest as accessManifest } from '../../actions/guard-access/manifest.ts'
import { manifestOf as mapManifest } from '../../actions/map-idp-attributes/manifest.ts'
import type { Manifest } from '../../actions/shared/manifest.ts'
import type { ActionName } from '../fixture-project.ts'
import { settings as claims } from '../fixture/actions/add-claims/settings.ts'
import { settings as terms } from '../fixture/actions/enforce-terms/settings.ts'
import { settings as profile } from '../fixture/actions/enrich-profile/settings.ts'
import { settings as map } from '../fixture/actions/map-idp-attributes/settings.ts'
import type { LawSubject } from './arbitraries.ts'

/** Of the fixture project. */
export const MANIFESTS: Record<ActionName, Manifest> = {
  'guard-access': accessManifest,
  'map-idp-attributes': mapManifest(map),
  'enrich-profile': profileManifest(profile),
  'enforce-terms': termsManifest(terms),
  'add-claims': claimsManifest(claims),
}

export const FIXTURE_SUBJECT: LawSubject = { manifests: MANIFESTS, mappings: map.mappings }
