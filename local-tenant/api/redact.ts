/** Keeps tokens and secrets out of traces. */
import { isObject, setOwn } from '../json.ts'

/** Stands where something was left out; survives in a URL as it is. */
export const LEFT_OUT = '***'

// Starts only where a word starts, so that a long value is not scanned from each `eyJ` in it.
const JWT = /(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]*/g

/** A text shorter than this is no secret worth hiding, and hiding it would garble every trace. */
const SHORTEST_SECRET = 8

/** The value with every JWT in its texts replaced. */
export const withoutTokens = (value: unknown): unknown =>
  mapTexts(value, (text) => text.replace(JWT, LEFT_OUT))

/**
 * The value with tokens and the values of `secrets` replaced, these by their names. A secret that
 * is an address (`TERMS_URL`) is configuration: it is left readable.
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
