import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { runDeployCli } from '../../deploy/run-deploy-cli.ts'

test('a file that is no tenant ends with the exit code and the words of the Deploy CLI', async () => {
  const inputFile = join(mkdtempSync(join(tmpdir(), 'deploy-cli-')), 'tenant.yaml')
  writeFileSync(inputFile, 'actions: [')
  const seen: string[] = []
  const { exitCode, output } = await runDeployCli({
    inputFile,
    // A token spares the request for one, so nothing leaves this machine.
    env: { AUTH0_DOMAIN: 'localhost:9', AUTH0_ACCESS_TOKEN: 'none' },
    onLine: (line) => seen.push(line),
  })
  expect(exitCode).toBe(1)
  expect(output).toContain('unexpected end of the stream')
  expect(seen.join('\n')).toBe(output)
}, 60_000)
