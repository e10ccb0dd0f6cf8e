/** Keeps tokens and secrets out of traces. */
import { isObject, setOwn } from '../json.ts'

/** Stands for what was left out; a URL can hold it unchanged. */
export const LEFT_OUT = '***'

// Starts only at the start of a word, so that a long value is not scanned from each `eyJ` in it.
const JWT = /(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]*/g

/** Hiding a shorter string would make every trace unreadable. */
const SHORTEST_SECRET = 8

/** The value with every JWT in its strings replaced. */
export const withoutTokens = (value: unknown): unknown =>
  mapTexts(value, (text) => text.replace(JWT, LEFT_OUT))

/**
 * The value with tokens left out and each of `secrets` replaced by its name. A secret that is an
 * address (`TERMS_URL`) is configuration and stays readable.
 */
export const withoutSecrets = (value: unknown, secrets: Record<string, string>): unknown => {
  const hidden = Object.entries(secrets)
    .filter(([, secret]) => secret.length >= SHORTEST_SECRET && !isAddress(secret))
    .flatMap(([name, secret]) =>
      [secret, encodeURIComponent(secret)].map((text) => [text, `[secret ${name}]`] as const),
    )
  return mapTexts(withoutTokens(value), (text) =>
    hidden.reduce((rest, [secret, name]) => rest.replaceAll(secret, () => name), text),
  )
}

const isAddress = (secret: string): boolean => {
  const url = URL.canParse(secret) ? new URL(secret) : undefined
  return url !== undefined && /^https?:$/.test(url.protocol) && url.password === ''
}

const mapTexts = (value: unknown, map: (text: string) => string): unknown => {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map))
  if (!isObject(value)) return value
  const mapped: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) setOwn(mapped, map(key), mapTexts(item, map))
  return mapped
}
