/** The templates of this folder, for the tenant's own pages and the demo application. */
import { readFileSync } from 'node:fs'
import Handlebars from 'handlebars'

const templates = new Map<string, HandlebarsTemplateDelegate>()

/**
 * Fills the template `<name>.hbs`, all values escaped. It is compiled when first used; a value that
 * it names and does not get is an error.
 */
export const renderView = (name: string, values: object): string => {
  const known = templates.get(name)
  if (known !== undefined) return known(values)
  const template = Handlebars.compile(readView(`${name}.hbs`), { strict: true })
  templates.set(name, template)
  return template(values)
}

export const readView = (file: string): string =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
