import * as v from 'valibot'
import { problemAt, type Result } from '../actions/shared/problem.ts'
import type { DeploymentRecord } from './deployment-record.ts'
import { describeIssue } from './describe-issue.ts'

const versionRef = v.looseObject({ id: v.string(), number: v.number() })
const bindings = v.array(v.looseObject({ actionName: v.string(), displayName: v.string() }))

const action = v.looseObject({
  id: v.string(),
  version: versionRef,
  hash: v.string(),
  trigger: v.looseObject({ id: v.string(), version: v.string() }),
  modules: v.array(v.string()),
  secretsSetAt: v.record(v.string(), v.string()),
})

const change = v.looseObject({
  name: v.string(),
  id: v.string(),
  created: v.boolean(),
  before: v.exactOptional(versionRef),
  after: v.exactOptional(versionRef),
  revived: v.exactOptional(v.array(v.string())),
})

const run = v.looseObject({
  kind: v.picklist(['deploy', 'rollback']),
  at: v.string(),
  by: v.exactOptional(v.string()),
  commit: v.exactOptional(v.string()),
  actions: v.array(change),
  bindings: v.array(v.looseObject({ trigger: v.string(), before: bindings, after: bindings })),
})

/** Loose at every depth: members that this version does not know are kept. */
const record: v.GenericSchema<unknown, DeploymentRecord> = v.looseObject({
  schema: v.literal(1),
  domain: v.string(),
  actions: v.record(v.string(), action),
  lastRun: v.exactOptional(run),
})

const CODE = 'record_invalid'

/** Reads a record from the text of its file. With `domain` it must be that tenant's. */
export const parseRecord = (text: string, domain?: string): Result<DeploymentRecord> => {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch {
    return { ok: false, problems: problemAt('the record', 'is not JSON', CODE) }
  }
  const parsed = v.safeParse(record, raw)
  if (!parsed.success) {
    const problems = parsed.issues
      .map(describeIssue)
      .flatMap(({ path, message }) => problemAt(path || 'the record', message, CODE))
    return { ok: false, problems }
  }
  const { output } = parsed
  return output.domain === (domain ?? output.domain)
    ? { ok: true, value: output }
    : { ok: false, problems: problemAt('domain', `is ${output.domain}, another tenant`, CODE) }
}
