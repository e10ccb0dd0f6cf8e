import { join } from 'node:path'
import { DEPLOY_CLI_LIMITS, pickCliVariables, type Variables } from './environment.ts'
import { factsOf, type DoneAction } from './done.ts'
import { explainDeployCli } from './explain-deploy-cli.ts'
import type { DeployFailure } from './failure.ts'
import { findAction, type Plan } from './plan-deployment.ts'
import { renderTenantFile } from './render-tenant-file.ts'
import type { Repository } from './repository.ts'
import type { runDeployCli } from './run-deploy-cli.ts'
import type { Tenant } from './tenant.ts'
import { withTemporaryFolder } from './with-temporary-folder.ts'

export interface DraftOptions {
  plan: Plan
  repository: Repository
  /** The tenant that the plan was made for. */
  before: Tenant
  accessToken: string
  /** Values by name; each one that the plan sends must be there. */
  secrets: Readonly<Record<string, string>>
  /** The caller's environment, of which the Deploy CLI gets how to reach the tenant. */
  source: Variables
  runCli: typeof runDeployCli
  showDetail: (detail: string) => void
}

const CLI_TIMEOUT_MS = 15 * 60_000

/**
 * Lets the Deploy CLI write the draft of each Action that the plan changes. Answers those of which
 * it says so, and why it failed.
 */
export const writeDrafts = async ({
  plan,
  repository,
  before,
  accessToken,
  secrets,
  source,
  runCli,
  showDetail,
}: DraftOptions): Promise<{ written: DoneAction[]; failure: DeployFailure | undefined }> => {
  const { files, secretNames } = renderTenantFile(plan, repository)
  const values = Object.fromEntries(secretNames.map((name) => [name, secrets[name] ?? '']))
  const redact = makeRedact([accessToken, ...Object.values(secrets)])
  const { exitCode, output } = await withTemporaryFolder(files, (folder) =>
    runCli({
      inputFile: join(folder, 'tenant.yaml'),
      env: {
        ...pickCliVariables(source),
        ...DEPLOY_CLI_LIMITS,
        AUTH0_DOMAIN: plan.domain,
        AUTH0_ACCESS_TOKEN: accessToken,
        ...values,
      },
      onLine: (line) => showDetail(redact(line)),
      signal: AbortSignal.timeout(CLI_TIMEOUT_MS),
    }),
  )
  return {
    written: parseWritten(output).map(({ id, name, created }) => toDone(before, id, name, created)),
    failure: exitCode === 0 ? undefined : explainDeployCli(exitCode, redact(output)),
  }
}

interface Written {
  id: string
  name: string
  created: boolean
}

/** Reads lines such as `Created [actions]: {"id":"…","name":"…"}`; one is printed for each answer. */
export const parseWritten = (output: string): Written[] =>
  Array.from(
    output.matchAll(/(Created|Updated) \[actions\]: (\{.*\})$/gm),
    ([, verb, json = '']) => {
      const { id, name } = JSON.parse(json) as { id?: unknown; name?: unknown }
      return { id: String(id), name: String(name), created: verb === 'Created' }
    },
  )

const toDone = (before: Tenant, id: string, name: string, created: boolean): DoneAction => {
  const found = findAction(before, name)
  return {
    name,
    id,
    created,
    ...(found !== undefined && { draftBefore: found.draft }),
    ...(found?.deployed !== undefined && { before: factsOf(found.deployed) }),
  }
}

/** The Deploy CLI prints answers of the API: none of our secrets may get into a log that way. */
const makeRedact = (values: readonly string[]): ((text: string) => string) => {
  const hidden = values.filter((value) => value.length >= 4)
  return (text) => hidden.reduce((redacted, value) => redacted.replaceAll(value, '***'), text)
}
