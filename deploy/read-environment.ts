/** What `--env NAME` means: which tenant, by a committed file, and with which variables. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import * as v from 'valibot'
import { HOST_NAME, type Variables } from './environment.ts'
import { DeployFailure } from './failure.ts'
import { oneLine } from '../cli/safe-text.ts'

const FOLDER = 'environments'

const CONTENT = '{ "domain": "<tenant>.<region>.auth0.com" }'

/** Strict, so that nobody puts a setting here that nothing reads. */
const environmentFile = v.strictObject({ domain: v.pipe(v.string(), v.regex(HOST_NAME)) })

/** Names that nobody can own. https://www.rfc-editor.org/rfc/rfc2606 */
const EXAMPLE_DOMAIN = /(^|\.)example(\.(com|net|org))?(:\d+)?$/

/**
 * The variables of `environments/<name>.env`, which git ignores and CI does not have, under those
 * of the process, which win. `AUTH0_DOMAIN` alone comes from the committed
 * `environments/<name>.json`: a variable that names another tenant is refused.
 */
export const readEnvironment = (root: string, name: string, ofProcess: Variables): Variables => {
  const domain = readDomain(root, name)
  const file = `${FOLDER}/${name}.env`
  const local = existsSync(join(root, file)) ? parseEnv(readFileSync(join(root, file), 'utf8')) : {}
  const others = [
    { value: local['AUTH0_DOMAIN'], place: file },
    { value: ofProcess['AUTH0_DOMAIN'], place: 'the environment of this process' },
  ].flatMap(({ value, place }) =>
    !value || value.toLowerCase() === domain ? [] : [`${oneLine(value)} in ${place}`],
  )
  if (others.length > 0) {
    throw refuse(
      `AUTH0_DOMAIN is ${others.join(' and ')}, but ${FOLDER}/${name}.json names ${domain}. ` +
        'Unset the variable, or correct whichever names the wrong tenant.',
    )
  }
  return { ...local, ...ofProcess, AUTH0_DOMAIN: domain }
}

/** In small letters, so that a tenant has one record. */
const readDomain = (root: string, name: string): string => {
  if (!/^[\w-]+$/.test(name)) {
    throw refuse(`--env takes letters, digits, _ and -, not ${JSON.stringify(name)}.`)
  }
  const file = `${FOLDER}/${name}.json`
  const names = namesIn(join(root, FOLDER))
  if (!names.includes(name)) {
    throw refuse(
      `--env ${name}: there is no ${file}, and ${FOLDER}/ has ${names.join(', ') || 'none'}. ` +
        `For a new environment make that file, with the domain of its tenant as in ${CONTENT}, and commit it.`,
    )
  }
  const parsed = v.safeParse(environmentFile, parseJson(readFileSync(join(root, file), 'utf8')))
  if (!parsed.success) {
    throw refuse(
      `${file} must hold the tenant's own domain, without https://, and nothing else, as in ${CONTENT}.`,
    )
  }
  const domain = parsed.output.domain.toLowerCase()
  if (EXAMPLE_DOMAIN.test(domain)) {
    throw refuse(
      `${file} still has an example, ${domain}. Put in the domain of your tenant, as in ${CONTENT}, and commit it.`,
    )
  }
  return domain
}

/** Exactly as the folder spells them, also where the file system ignores case. */
const namesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .flatMap((entry) => /^([\w-]+)\.json$/.exec(entry)?.[1] ?? [])
        .sort()
    : []

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const refuse = (reason: string): DeployFailure =>
  new DeployFailure('arguments_wrong', `${reason} Nothing was sent.`)
