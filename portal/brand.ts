import { existsSync, readFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { isObject, own } from '../actions/shared/json.ts'
import { problemAt, type Problem, type Result } from '../actions/shared/problem.ts'
import { isLocale } from '../actions/shared/session-token.ts'
import { problemsFailure } from '../cli/failure.ts'
import { inFile } from '../cli/problems.ts'
import {
  contrastProblems,
  derivePalette,
  isColour,
  type BaseColours,
  type Palette,
} from './colours.ts'
import { loadJson } from './load-json.ts'
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

const CODE = 'brand_invalid'

/** Reads and checks the file. */
export const loadBrand = (file: string): Result<Brand> => {
  const read = loadJson(file)
  return read.ok ? parseBrand(read.value, dirname(file)) : read
}

/** The same, or a failure with every problem. */
export const requireBrand = (file: string): Brand => {
  const brand = loadBrand(file)
  if (brand.ok) return brand.value
  throw problemsFailure(
    CODE,
    'The brand cannot be used. Correct this:',
    inFile(file, brand.problems),
  )
}

/**
 * Checks what `brand.json` holds, the contrast of its colours included, and loads the logo.
 * @param folder which the path of the logo starts from
 */
export const parseBrand = (value: unknown, folder: string): Result<Brand> => {
  if (!isObject(value)) return refuse('', 'must hold an object')
  const name = own(value, 'name')
  const defaultLocale = own(value, 'defaultLocale')
  const light = parsePalette(value, 'light')
  const dark = parsePalette(value, 'dark')
  const links = own(value, 'links') ?? {}
  const logo = parseLogo(own(value, 'logo'), folder)
  const isName = typeof name === 'string' && name.trim() !== '' && name.length <= 60
  const problems: Problem[] = [
    ...Object.keys(value)
      .filter((key) => !MEMBERS.includes(key))
      .flatMap((key) => problemAt(key, `is unknown; known are ${MEMBERS.join(', ')}`, CODE)),
    ...problemAt('name', isName ? undefined : 'must be a string of 1 to 60 characters', CODE),
    ...problemAt(
      'defaultLocale',
      isLocale(defaultLocale) ? undefined : 'must be a language tag such as "en"',
      CODE,
    ),
    ...[light, dark].flatMap((palette) => (palette.ok ? [] : palette.problems)),
    ...checkLinks(links),
    ...(logo.ok ? [] : logo.problems),
  ]
  if (problems.length > 0 || !light.ok || !dark.ok || !logo.ok) return { ok: false, problems }
  return {
    ok: true,
    value: {
      name: name as string,
      ...(logo.value && { logo: logo.value }),
      light: light.value,
      dark: dark.value,
      links,
      defaultLocale: defaultLocale as string,
    },
  }
}

const refuse = (path: string, message: string): Result<never> => ({
  ok: false,
  problems: problemAt(path, message, CODE),
})

const parsePalette = (brand: unknown, scheme: 'light' | 'dark'): Result<Palette> => {
  const at = `colours.${scheme}`
  const colours = own(own(brand, 'colours'), scheme)
  if (!isBaseColours(colours)) {
    return refuse(at, `must hold ${COLOUR_NAMES.join(', ')}, each as #rrggbb`)
  }
  const palette = derivePalette(colours)
  const problems = contrastProblems(palette).flatMap((message) => problemAt(at, message, CODE))
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: palette }
}

const checkLinks = (links: unknown): Problem[] =>
  Object.entries(isObject(links) ? links : { links }).flatMap(([key, target]) =>
    problemAt(
      `links.${key}`,
      !isBrandLink(key)
        ? `is unknown; known are ${BRAND_LINKS.join(', ')}`
        : isLinkTarget(target)
          ? undefined
          : 'must be an address with https: or mailto:',
      CODE,
    ),
  )

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

/** `undefined` where none is wanted. */
const parseLogo = (value: unknown, folder: string): Result<BrandLogo | undefined> => {
  if (value === undefined) return { ok: true, value: undefined }
  const [file, wordmark] = [own(value, 'file'), own(value, 'wordmark') ?? false]
  if (typeof file !== 'string' || typeof wordmark !== 'boolean') {
    return refuse('logo', 'must hold file, and wordmark as true or false')
  }
  const extension = extname(file).toLowerCase()
  const contentType = LOGO_TYPES[extension]
  if (contentType === undefined) {
    return refuse('logo.file', `must end in ${Object.keys(LOGO_TYPES).join(', ')}`)
  }
  const path = join(folder, file)
  if (!existsSync(path)) return refuse('logo.file', `${file} is not there`)
  const content = readFileSync(path)
  const active = extension === '.svg' ? findActiveContent(content) : undefined
  return active === undefined
    ? { ok: true, value: { contentType, content, extension, wordmark } }
    : refuse(
        'logo.file',
        `${file} holds ${active}; a logo may only draw: export it as plain SVG, or use PNG`,
      )
}
