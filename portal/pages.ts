import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, parse } from 'node:path'
import Handlebars from 'handlebars'
import { BRAND_LINKS, renderBrandStyles, type Brand } from './brand.ts'
import { directionOf, MESSAGES, nameOfLocale, type MessagesLocale } from './locales.ts'

/** A file that the pages load, served under a path that changes with its content. */
export interface Asset {
  readonly path: string
  readonly contentType: string
  readonly content: string | Buffer
}

/** A page as one of the views has it: `kind` is a class of its body. */
export interface Page {
  readonly locale: MessagesLocale
  readonly kind: 'page-terms' | 'page-card'
  readonly title: string
  readonly view: 'terms' | 'second-look' | 'continue' | 'error' | 'home'
  readonly script?: 'terms.js' | 'continue.js'
  /** What the view shows, plain and not escaped; `messages` and `locale` are added. */
  readonly content: object
  /** What else the form of the page can be shown in; the switch sends the form with its answers. */
  readonly languages?: readonly {
    readonly locale: string
    readonly current: boolean
  }[]
}

export interface Pages {
  readonly assets: readonly Asset[]
  readonly render: (page: Page) => string
}

/** Compiles the views and settles what depends on the brand, once. */
export const createPages = (brand: Brand): Pages => {
  const styles = makeAsset('portal.css', CSS, readAsset('portal.css'))
  const brandStyles = makeAsset('brand.css', CSS, renderBrandStyles(brand))
  const icon = makeAsset('icon.svg', 'image/svg+xml; charset=utf-8', readAsset('icon.svg'))
  const scripts = {
    'terms.js': makeAsset('terms.js', JAVASCRIPT, readAsset('terms.js')),
    'continue.js': makeAsset('continue.js', JAVASCRIPT, readAsset('continue.js')),
  }
  const { logo } = brand
  const logoAsset = logo && makeAsset(`logo${logo.extension}`, logo.contentType, logo.content)
  const views = compileViews()

  return {
    assets: [
      styles,
      brandStyles,
      icon,
      ...Object.values(scripts),
      ...(logoAsset ? [logoAsset] : []),
    ],
    render: ({ locale, kind, title, view, script, content, languages = [] }) => {
      const messages = MESSAGES[locale]
      const main = views(view, { messages, locale, ...content })
      return `<!doctype html>\n${views('layout', {
        messages,
        locale,
        direction: directionOf(locale),
        kind,
        title,
        main,
        icon: icon.path,
        styles: styles.path,
        script: script && scripts[script].path,
        brand: {
          name: brand.name,
          styles: brandStyles.path,
          logo: logoAsset?.path,
          wordmark: logo?.wordmark ?? false,
        },
        languages: languages.map((language) => ({
          ...language,
          direction: directionOf(language.locale),
          name: nameOfLocale(language.locale),
        })),
        links: BRAND_LINKS.filter((link) => brand.links[link] !== undefined).map((link) => ({
          href: brand.links[link],
          label: messages.links[link],
        })),
      })}`
    },
  }
}

const CSS = 'text/css; charset=utf-8'
const JAVASCRIPT = 'text/javascript; charset=utf-8'

const readAsset = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'assets', name), 'utf8')

const makeAsset = (name: string, contentType: string, content: string | Buffer): Asset => {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12)
  return { path: `/assets/${hash}/${name}`, contentType, content }
}

/** Every view may be used as a part of another. `strict`: a member that is missing throws. */
const compileViews = (): ((name: string, view: object) => string) => {
  const folder = join(import.meta.dirname, 'views')
  const handlebars = Handlebars.create()
  const compiled = new Map<string, ReturnType<typeof Handlebars.compile>>()
  for (const file of readdirSync(folder)) {
    const { name } = parse(file)
    const source = readFileSync(join(folder, file), 'utf8')
    handlebars.registerPartial(name, source)
    // Without `preventIndent` a partial would move the lines of a `pre` in a text.
    compiled.set(name, handlebars.compile(source, { strict: true, preventIndent: true }))
  }
  return (name, view) => compiled.get(name)?.(view) ?? ''
}
