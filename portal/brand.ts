import { existsSync, readFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { isObject, own } from '../actions/shared/json.ts'
import { isLocale } from '../actions/shared/session-token.ts'
import {
  contrastProblems,
  derivePalette,
  isColour,
  type BaseColours,
  type Palette,
} from './colours.ts'
import { findActiveContent } from './logo-problem.ts'

/** What a team sets in `brand.json`. */
export interface Brand {
  /** Shown at the top of every page. */
  readonly name: string
  /** Absent: the name stands alone. */
  readonly logo?: BrandLogo
  readonly light: Palette
  readonly dark: Palette
  /** `https:` or `mailto:`; one that is absent is not shown. */
  readonly links: Readonly<Partial<Record<BrandLink, string>>>
  /** BCP 47 tag of the language that every text has, for users whose own has none. */
  readonly defaultLocale: string
}

export interface BrandLogo {
  readonly contentType: string
  readonly content: Buffer
  readonly extension: string
  /** The logo shows the name, so it is not written beside it. */
  readonly wordmark: boolean
}

export const BRAND_LINKS = ['imprint', 'privacy', 'support'] as const
export type BrandLink = (typeof BRAND_LINKS)[number]

const LOGO_TYPES: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.webp': 'image/webp',
}

const MEMBERS = ['name', 'logo', 'colours', 'links', 'defaultLocale']
const COLOUR_NAMES = ['accent', 'background', 'surface', 'text'] as const

/** Reads and checks the file; throws one error that lists every problem, one to a line. */
export const readBrand = (file: string): Brand => {
  const parsed = parseBrand(JSON.parse(readFileSync(file, 'utf8')), dirname(file))
  if ('problems' in parsed) throw new Error(parsed.problems.join('\n'))
  return parsed.brand
}

/**
 * Checks what `brand.json` holds, the contrast of its colours included, and loads the logo.
 * @param folder which the path of the logo starts from
 */
export const parseBrand = (
  value: unknown,
  folder: string,
): { readonly brand: Brand } | { readonly problems: readonly string[] } => {
  if (!isObject(value)) return { problems: ['must hold an object'] }
  const problems: string[] = Object.keys(value)
    .filter((key) => !MEMBERS.includes(key))
    .map((key) => `${key} is not known; there are ${MEMBERS.join(', ')}`)

  const name = own(value, 'name')
  if (typeof name !== 'string' || name.trim() === '' || name.length > 60)
    problems.push('name must be a text of 1 to 60 characters')
  const defaultLocale = own(value, 'defaultLocale')
  if (!isLocale(defaultLocale)) problems.push('defaultLocale must be a language tag such as "en"')

  const palettes = (['light', 'dark'] as const).map((scheme) => {
    const colours = own(own(value, 'colours'), scheme)
    if (!isBaseColours(colours)) {
      problems.push(`colours.${scheme} must hold ${COLOUR_NAMES.join(', ')}, each as #rrggbb`)
      return undefined
    }
    const palette = derivePalette(colours)
    problems.push(...contrastProblems(palette).map((problem) => `colours.${scheme}: ${problem}`))
    return palette
  })

  const links = own(value, 'links') ?? {}
  for (const [key, target] of Object.entries(isObject(links) ? links : { links }))
    if (!isBrandLink(key))
      problems.push(`links.${key} is not known; there are ${BRAND_LINKS.join(', ')}`)
    else if (!isLinkTarget(target))
      problems.push(`links.${key} must be an address with https: or mailto:`)

  const logo = parseLogo(own(value, 'logo'), folder)
  if (typeof logo === 'string') problems.push(logo)

  const [light, dark] = palettes
  if (problems.length > 0 || !light || !dark) return { problems }
  return {
    brand: {
      name: name as string,
      ...(typeof logo === 'object' && { logo }),
      light,
      dark,
      links,
      defaultLocale: defaultLocale as string,
    },
  }
}

/** A stylesheet that gives `portal.css` its colours. A policy without inline styles allows it. */
export const renderBrandStyles = ({ light, dark }: Pick<Brand, 'light' | 'dark'>): string => {
  const properties = (palette: Palette): string =>
    Object.entries(palette)
      .map(([name, colour]) => `  --${name}: ${colour};\n`)
      .join('')
  return `:root {\n${properties(light)}}\n@media (prefers-color-scheme: dark) {\n:root {\n${properties(dark)}}\n}\n`
}

const isBaseColours = (value: unknown): value is BaseColours & Record<string, unknown> =>
  isObject(value) &&
  Object.keys(value).every((key) => COLOUR_NAMES.some((name) => name === key)) &&
  COLOUR_NAMES.every((name) => isColour(own(value, name)))

const isBrandLink = (key: string): key is BrandLink => BRAND_LINKS.some((link) => link === key)

const isLinkTarget = (target: unknown): boolean =>
  typeof target === 'string' &&
  URL.canParse(target) &&
  ['https:', 'mailto:'].includes(new URL(target).protocol)

/** The logo, nothing where none is wanted, or what is wrong with it. */
const parseLogo = (value: unknown, folder: string): BrandLogo | string | undefined => {
  if (value === undefined) return undefined
  const [file, wordmark] = [own(value, 'file'), own(value, 'wordmark') ?? false]
  if (typeof file !== 'string' || typeof wordmark !== 'boolean')
    return 'logo must hold file, and wordmark as true or false'
  const extension = extname(file).toLowerCase()
  const contentType = LOGO_TYPES[extension]
  if (contentType === undefined)
    return `logo.file must end in ${Object.keys(LOGO_TYPES).join(', ')}`
  const path = join(folder, file)
  if (!existsSync(path)) return `logo.file ${file} is not there`
  const content = readFileSync(path)
  const active = extension === '.svg' ? findActiveContent(content) : undefined
  return active === undefined
    ? { contentType, content, extension, wordmark }
    : `logo.file ${file} holds ${active}; a logo may only draw: export it as plain SVG, or use PNG`
}
