import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { parseBrand } from '../../portal/brand.ts'
import { findActiveContent } from '../../portal/logo-problem.ts'

const XMLNS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'

const svg = (content: string, attributes = ''): string =>
  `<svg ${XMLNS} viewBox="0 0 10 10" ${attributes}>${content}</svg>`

const problemOf = (text: string): string | undefined => findActiveContent(Buffer.from(text))

describe('an SVG logo that only draws is taken', () => {
  test.each([
    ['shapes', '<g fill="#fff"><path d="M0 0h10v10z"/><circle cx="5" cy="5" r="2"/></g>'],
    [
      'a gradient that is used',
      '<defs><linearGradient id="g"><stop offset="0"/></linearGradient></defs>' +
        '<rect fill="url(#g)" style="fill: url(\'#g\')"/><use href="#g"/><use xlink:href="#g"/>',
    ],
    ['styles and text', '<style>.a { fill: red }</style><text class="a">Acme &amp; Söhne</text>'],
    ['a picture inside', '<image href="data:image/png;base64,iVBORw0KGgo="/>'],
    ['a comment with an address', '<!-- made with https://draw.example --><path d="M0 0"/>'],
    [
      'names of a drawing program',
      `<g xmlns:inkscape='http://www.inkscape.org/namespaces/inkscape' inkscape:label="Mark"/>`,
    ],
    ['title and description', '<title>On and off</title><desc>Acme: on sale</desc>'],
  ])('%s', (_what, content) => {
    expect(problemOf(svg(content))).toBeUndefined()
    expect(problemOf(`<?xml version="1.0" encoding="UTF-8"?>\n${svg(content)}`)).toBeUndefined()
  })
})

describe('an SVG logo with active content is refused', () => {
  test.each([
    ['a script', '<script>alert(1)</script>', '<script>'],
    ['a script in capitals', '<SCRIPT>alert(1)</SCRIPT>', '<SCRIPT>'],
    ['a script with a prefix', '<s:script xmlns:s="http://www.w3.org/2000/svg"/>', '<s:script>'],
    ['HTML', '<foreignObject><body/></foreignObject>', '<foreignObject>'],
    ['HTML by namespace', '<h:iframe src="#"/>', '<h:iframe>'],
    ['a link', '<a href="#x"><path/></a>', '<a>'],
    ['an animation', '<animate attributeName="href" to="javascript:alert(1)"/>', '<animate>'],
    ['a set', '<use id="u"><set attributeName="href" to="//evil.example"/></use>', '<set>'],
    ['an event handler', '<path onclick="alert(1)"/>', 'the attribute onclick'],
    ['a handler after a line break', '<path\nONload\n=alert(1)/>', 'the attribute ONload'],
    ['a handler after a quote', '<path d=""onload="alert(1)"/>', 'the attribute onload'],
    ['a reference to elsewhere', '<use href="https://evil.example/x.svg#a"/>', 'attribute href'],
    ['a relative reference', '<image xlink:href="other.svg"/>', 'the attribute xlink:href'],
    ['a javascript: address', '<use href="javascript:alert(1)"/>', 'the attribute href'],
    ['one with references', '<use href="&#106;ava&#x73;cript:alert(1)"/>', 'the attribute href'],
    ['one with a tab', '<use href=" java\tscript:alert(1)"/>', 'the attribute href'],
    ['a reference without quotes', '<use href=javascript:alert(1) />', 'the attribute href'],
    ['SVG in a data: address', '<use href="data:image/svg+xml;base64,PHN2Zz4="/>', 'href'],
    ['a CSS import', '<style>@import "//evil.example/a.css";</style>', 'a CSS @import'],
    ['a CSS address', '<style>a { fill: url(https://evil.example/x) }</style>', 'a CSS url()'],
    ['an address in a string', '<style>a{x:image-set("//evil.example/a" 1x)}</style>', 'another'],
    ['CSS with a backslash', '<style>\\40import "x";</style>', 'a backslash'],
    ['CDATA', '<style><![CDATA[ a {} ]]></style>', 'a DOCTYPE, an entity or CDATA'],
    ['a style sheet of its own', '<?xml-stylesheet href="x.css"?>', 'a processing instruction'],
    ['a script after a comment', '<!-- x --><script/><!-- y -->', '<script>'],
    [
      'a script between quotes that look like a namespace',
      `<g id=" xmlns='"/><script>alert(1)</script><g id="' "/>`,
      '<script>',
    ],
    [
      'an address that looks like a namespace',
      `<g id=" xmlns='"/><image href="//evil.example/a.png"/><g id="' "/>`,
      'the attribute href',
    ],
    ['a namespace of HTML', '<g xmlns="http://www.w3.org/1999/xhtml"/>', 'another site'],
    ['a comment without an end', '<!-- <script/>', 'a comment without an end'],
  ])('%s', (_what, content, problem) => {
    expect(problemOf(svg(content))).toContain(problem)
  })

  test('a DOCTYPE with an entity, a handler on the root, another encoding', () => {
    const doctype = `<!DOCTYPE svg [<!ENTITY a "<script>alert(1)</script>">]>${svg('&a;')}`
    expect(problemOf(doctype)).toBe('a DOCTYPE, an entity or CDATA')
    expect(problemOf(svg('', 'onload="alert(1)"'))).toBe('the attribute onload')
    expect(problemOf(`<?xml version="1.0" encoding="UTF-7"?>${svg('')}`)).toContain('encoding')
    expect(findActiveContent(Buffer.from(svg('<script/>'), 'utf16le'))).toBeDefined()
    expect(findActiveContent(Buffer.from([0xff, 0xfe, 0x3c]))).toContain('UTF-8')
  })
})

describe('a brand', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'logo-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('with an active logo is refused with its file and the remedy', () => {
    writeFileSync(join(folder, 'mark.svg'), svg('<script>alert(1)</script>'))
    const parsed = parseBrand({ logo: { file: 'mark.svg' } }, folder)
    expect(!parsed.ok && parsed.problems).toContainEqual({
      path: 'logo.file',
      message: 'mark.svg holds <script>; a logo may only draw: export it as plain SVG, or use PNG',
      code: 'brand_invalid',
    })
  })
})
