/** Elements that draw. All others of SVG can run script, load, link, move or hold HTML. */
const DRAWING = new Set(
  (
    'svg g defs symbol use switch title desc metadata style path rect circle ellipse line polyline ' +
    'polygon text tspan textPath linearGradient radialGradient stop pattern clipPath mask marker ' +
    'image filter feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix ' +
    'feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB ' +
    'feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight ' +
    'feSpecularLighting feSpotLight feTile feTurbulence'
  ).split(' '),
)

/** A part of the same file, or a picture inside of it. */
const OWN_REFERENCE = /^(?:#|data:image\/(?:png|jpeg|webp);base64,)/

/**
 * The namespaces of drawings. They are known by their whole address: a pattern for any address could
 * reach from one attribute into another, over the elements between them.
 */
const NAMESPACES = [
  'http://www.w3.org/2000/svg',
  'http://www.w3.org/1999/xlink',
  'http://www.w3.org/XML/1998/namespace',
  'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  'http://purl.org/dc/elements/1.1/',
  'http://creativecommons.org/ns#',
  'http://www.inkscape.org/namespaces/inkscape',
  'http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd',
  'http://www.serif.com/',
]

const NAMESPACE = new RegExp(
  `\\sxmlns(?::[\\w-]+)?\\s*=\\s*(["'])(?:${NAMESPACES.join('|').replaceAll('.', '\\.')})\\1`,
  'g',
)

/**
 * What in an SVG file could act or load when somebody opens it by its address: `undefined` for a
 * file that only draws. It reads the file more strictly than a browser would: whatever it cannot
 * be sure of is a problem.
 */
export const findActiveContent = (svg: Buffer): string | undefined => {
  let source: string
  try {
    source = new TextDecoder('utf-8', { fatal: true }).decode(svg)
  } catch {
    return 'characters that are not UTF-8'
  }
  const declaration = /^\s*<\?xml\s[^>?]*\?>/.exec(source)?.[0] ?? ''
  if (/encoding\s*=\s*["'](?!utf-8["'])/i.test(declaration)) return 'an encoding that is not UTF-8'
  const body = source.slice(declaration.length)
  if (body.includes('<?')) return 'a processing instruction'
  if (/<!(?!--)/.test(body)) return 'a DOCTYPE, an entity or CDATA'
  const drawing = body.replace(/<!--[\s\S]*?-->/g, ' ').replace(NAMESPACE, ' ')
  if (drawing.includes('<!')) return 'a comment without an end'
  const text = decodeReferences(drawing)
  if (text.includes('\\')) return 'a backslash, which can hide an address in CSS'
  return (
    findElement(drawing) ??
    findAttribute(text) ??
    (/@import/i.test(text) ? 'a CSS @import' : undefined) ??
    findReference(text)
  )
}

const findElement = (drawing: string): string | undefined => {
  for (const [, name = ''] of drawing.matchAll(/<\/?\s*([^\s/>]*)/g))
    if (!DRAWING.has(name.replace(/^svg:/, ''))) return `<${name.slice(0, 40)}>`
  return undefined
}

const findAttribute = (text: string): string | undefined => {
  const [, handler] = /[\s"'/](on[a-z]+)\s*=/i.exec(text) ?? []
  if (handler !== undefined) return `the attribute ${handler}`
  for (const [, name = '', , double, single] of text.matchAll(
    /[\s"'/]((?:[\w-]+:)?href|src)\s*=\s*("([^"]*)"|'([^']*)'|)/gi,
  ))
    if (!OWN_REFERENCE.test(double ?? single ?? '')) return `the attribute ${name} to elsewhere`
  return undefined
}

const findReference = (text: string): string | undefined => {
  for (const [, address = ''] of text.matchAll(/url\(\s*["']?([^"')]*)/gi))
    if (!OWN_REFERENCE.test(address)) return 'a CSS url() to elsewhere'
  if (/\b(?:java|vb)script\s*:/i.test(text)) return 'an address with javascript:'
  return /[a-z]:\/\/|["'(]\s*\/\//i.test(text) ? 'the address of another site' : undefined
}

/** Character references of XML; a file without DOCTYPE knows no other entity. */
const decodeReferences = (text: string): string =>
  text
    .replace(/&#x([0-9a-f]{1,6});|&#(\d{1,7});/gi, (_all, hex?: string, decimal?: string) => {
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      return code <= 0x10ffff ? String.fromCodePoint(code) : ''
    })
    .replace(/&(lt|gt|quot|apos|amp);/g, (_all, name: string) => XML_ENTITIES[name] ?? '')

const XML_ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  amp: '&',
}
