/**
 * What it costs to know what a deploy would change: `npm run plan` beside `a0deploy import --dry-run`,
 * both against the same local tenant, in which everything is deployed already.
 *
 *   npx tsx bench/plan-versus-dry-run.ts [RUNS]
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readRepository } from '../deploy/repository.ts'
import { loadCertificate } from '../local-tenant/certificate.ts'
import { createAction, deployVersion } from '../local-tenant/management/change-action.ts'
import type { TenantState } from '../local-tenant/store.ts'
import { seed } from '../playground/seed/seed.ts'
import { startTenant } from '../local-tenant/tenant.ts'

const root = join(import.meta.dirname, '..')

/** One run of a command with all its processes. */
export interface Cost {
  wallSeconds: number
  /** User and system, all processes together. */
  cpuSeconds: number
  /** Of the largest process. */
  peakMegabytes: number
}

export interface PlanVersusDryRun {
  runs: number
  /** Medians. */
  plan: Cost
  dryRun: Cost
}

/** Measures each command `runs` times in turn. Throws when one ends as it should not. */
export const measurePlanVersusDryRun = async (runs = 3): Promise<PlanVersusDryRun> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-plan-'))
  const certificate = await loadCertificate(folder, Date.now())
  const tenant = await startTenant({ port: 0, certificate, seed })
  try {
    const markers = await fill(tenant.store.state)
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      AUTH0_DOMAIN: tenant.host,
      AUTH0_CLIENT_ID: 'deploy-cli',
      AUTH0_CLIENT_SECRET: tenant.store.state.clients['deploy-cli']?.client_secret ?? '',
      AUTH0_INCLUDED_ONLY: '["actions","triggers"]',
      NODE_EXTRA_CA_CERTS: certificate.caFile,
      ...markers,
    }
    const plans: Cost[] = []
    const dryRuns: Cost[] = []
    for (let run = 0; run < runs; run += 1) {
      plans.push(await measure('npm run --silent plan', env, folder))
      const cli = `"${process.execPath}" "${deployCliFile()}" import --dry-run -i tenant.yaml`
      dryRuns.push(await measure(cli, env, folder))
    }
    return { runs, plan: medianCost(plans), dryRun: medianCost(dryRuns) }
  } finally {
    await tenant.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Puts into the tenant what a deploy would; answers a value for each secret. */
const fill = async (state: TenantState): Promise<Record<string, string>> => {
  const read = await readRepository(root)
  if (!read.ok) throw new Error('The repository cannot be built: run npm run validate')
  const { actions, bindings } = read.value
  const now = Date.now() - 60_000
  const markers = Object.fromEntries(
    actions.flatMap(({ secretNames }) => secretNames.map((name) => [name, `a-value-of-${name}`])),
  )
  for (const { name, code, runtime, dependencies, triggers, secretNames } of actions) {
    const secrets = secretNames.map((secret) => ({ name: secret, value: markers[secret] ?? '' }))
    const action = createAction(
      { name, code, runtime, dependencies, secrets, supported_triggers: triggers },
      now,
    )
    deployVersion(action, action, now)
    state.actions[action.id] = action
  }
  for (const [trigger, list] of Object.entries(bindings)) {
    state.bindings[trigger] = list.map(({ actionName, displayName }) => ({
      id: actionName,
      trigger_id: trigger,
      action_id: Object.values(state.actions).find(({ name }) => name === actionName)?.id ?? '',
      display_name: displayName,
      created_at: new Date(now).toISOString(),
      updated_at: new Date(now).toISOString(),
    }))
  }
  return markers
}

const deployCliFile = (): string =>
  join(
    dirname(createRequire(import.meta.url).resolve('auth0-deploy-cli/package.json')),
    'lib/index.js',
  )

/** The shell counts time and CPU of all processes; each Node process writes its peak on its way out. */
const measure = async (
  command: string,
  env: Readonly<Record<string, string>>,
  folder: string,
): Promise<Cost> => {
  const preload = join(folder, 'peak.cjs')
  writeFileSync(
    preload,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(folder)} + '/' + process.pid + '.peak', String(process.resourceUsage().maxRSS)))\n`,
  )
  const output = await runShell(`TIMEFORMAT='%R %U %S'; time ${command} >/dev/null`, {
    ...env,
    NODE_OPTIONS: `--require ${preload}`,
  })
  const [wall, user, system] = (output.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
  const peaks = readdirSync(folder)
    .filter((name) => name.endsWith('.peak'))
    .map((name) => {
      const kilobytes = Number(readFileSync(join(folder, name), 'utf8'))
      rmSync(join(folder, name))
      return kilobytes / 1000
    })
  return {
    wallSeconds: wall ?? Number.NaN,
    cpuSeconds: (user ?? Number.NaN) + (system ?? Number.NaN),
    peakMegabytes: Math.max(...peaks),
  }
}

const runShell = (script: string, env: Record<string, string>): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', script], {
      cwd: root,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let output = ''
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) =>
      // 2 is how a plan says that there are changes: a file was saved meanwhile.
      code === 0 || code === 2
        ? resolve(output)
        : reject(new Error(`exit code ${code}:\n${output}`)),
    )
  })

const medianCost = (costs: readonly Cost[]): Cost => ({
  wallSeconds: median(costs.map(({ wallSeconds }) => wallSeconds)),
  cpuSeconds: median(costs.map(({ cpuSeconds }) => cpuSeconds)),
  peakMegabytes: median(costs.map(({ peakMegabytes }) => peakMegabytes)),
})

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN

/** A Markdown table. */
const renderPlanVersusDryRun = ({ runs, plan, dryRun }: PlanVersusDryRun): string => {
  const row = (name: string, { wallSeconds, cpuSeconds, peakMegabytes }: Cost): string =>
    `| ${name} | ${wallSeconds.toFixed(1)} s | ${cpuSeconds.toFixed(1)} s | ${Math.round(peakMegabytes)} MB |`
  return [
    `| median of ${runs} | wall | CPU | peak memory |`,
    '| --- | ---: | ---: | ---: |',
    row('`npm run plan` (with the build)', plan),
    row('`a0deploy import --dry-run`', dryRun),
  ].join('\n')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const runs = Number(process.argv[2] ?? 3)
  console.log(renderPlanVersusDryRun(await measurePlanVersusDryRun(runs)))
}
