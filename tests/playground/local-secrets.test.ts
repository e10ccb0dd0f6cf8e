import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { localFolder, type LocalFolder } from '../../playground/local-folder.ts'
import { readLocalSecrets } from '../../playground/local-secrets.ts'

let root: string
let folder: LocalFolder

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'secrets-'))
  folder = localFolder(root)
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('the secrets of the local folder', () => {
  test('are made once, for this user only', () => {
    const made = readLocalSecrets(folder)
    expect(new Set(Object.values(made)).size).toBe(2)
    expect(readLocalSecrets(folder)).toEqual(made)
    expect(statSync(folder.secrets).mode & 0o777).toBe(0o600)
    expect(statSync(folder.path).mode & 0o777).toBe(0o700)
  })

  test.each([
    '',
    'nonsense',
    'null',
    '[]',
    '{}',
    '{"TERMS_TOKEN_SECRET":7,"CUSTOMER_TOKEN":"short"}',
  ])('are made anew where the file holds %j', (text) => {
    readLocalSecrets(folder)
    writeFileSync(folder.secrets, text)
    const secrets = readLocalSecrets(folder)
    expect(Object.keys(secrets)).toEqual(['TERMS_TOKEN_SECRET', 'CUSTOMER_TOKEN'])
    for (const secret of Object.values(secrets)) expect(secret).toMatch(/^[\w-]{64}$/)
    expect(JSON.parse(readFileSync(folder.secrets, 'utf8'))).toEqual(secrets)
  })

  test('keep the one that is good', () => {
    const { CUSTOMER_TOKEN: kept } = readLocalSecrets(folder)
    writeFileSync(folder.secrets, JSON.stringify({ CUSTOMER_TOKEN: kept }))
    expect(readLocalSecrets(folder).CUSTOMER_TOKEN).toBe(kept)
  })
})
