import { readFileSync } from 'node:fs'
import Handlebars from 'handlebars'

export interface Views {
  /**
   * Fills the template `<name>.hbs`, all values escaped. It is compiled when first used; a value
   * that it names and does not get is an error.
   */
  render(name: string, values: object): string
  read(file: string): string
}

/** The templates and other files of a folder. */
export const viewsIn = (folder: URL): Views => {
  const templates = new Map<string, HandlebarsTemplateDelegate>()
  const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8')
  return {
    read,
    render(name, values) {
      const known = templates.get(name)
      if (known !== undefined) return known(values)
      const template = Handlebars.compile(read(`${name}.hbs`), { strict: true })
      templates.set(name, template)
      return template(values)
    },
  }
}
