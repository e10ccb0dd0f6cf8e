import type { DoneBindings } from './done.ts'
import type { ManagementApi } from './management-api.ts'
import { decideAgain } from './patiently.ts'
import { sameBindings } from './plan-deployment.ts'
import type { TenantBinding } from './tenant.ts'

/**
 * Reads a trigger's list and writes what `change` makes of it in the next request, so that what
 * others changed before the read survives. Auth0 has no conditional write: a change between the two
 * requests is lost. After a failure it reads again first. Tells `sending` before each
 * write, because an answer can be lost. Answers `undefined` when there was nothing to write.
 */
export const writeBindings = async (
  api: ManagementApi,
  trigger: string,
  change: (current: TenantBinding[]) => TenantBinding[],
  sending: (sent: DoneBindings) => void = () => undefined,
): Promise<DoneBindings | undefined> => {
  let sent: DoneBindings | undefined
  return decideAgain(async () => {
    const before = await api.readBindings(trigger)
    const after = change(before)
    // An earlier attempt got there and its answer was lost.
    if (sameBindings(before, after)) return sent
    sent = { trigger, before, after }
    sending(sent)
    await api.replaceBindings(trigger, after)
    return sent
  })
}
