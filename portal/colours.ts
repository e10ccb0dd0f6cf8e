/** What a brand chooses for one colour scheme, each as `#rrggbb`. */
export interface BaseColours {
  /** Links, the main button, the ring around what has the focus. */
  readonly accent: string
  readonly background: string
  /** What the text stands on. */
  readonly surface: string
  readonly text: string
}

/** All that the stylesheet uses, by the name of its custom property. */
export type Palette = Readonly<Record<(typeof PALETTE_NAMES)[number], string>>

export const PALETTE_NAMES = [
  'accent',
  'accent-hover',
  'on-accent',
  'background',
  'surface',
  'text',
  'muted',
  'line',
  'control-line',
  'hover',
  'tint',
] as const

export const isColour = (value: unknown): value is string =>
  typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value)

/** Mixes the other colours from the four that were chosen. */
export const derivePalette = ({ accent, background, surface, text }: BaseColours): Palette => {
  const onAccent =
    contrast('#ffffff', accent) >= contrast('#0b1220', accent) ? '#ffffff' : '#0b1220'
  return {
    accent,
    'accent-hover': mix(accent, text, 0.16),
    'on-accent': onAccent,
    background,
    surface,
    text,
    muted: mix(text, surface, 0.28),
    line: mix(surface, text, 0.14),
    'control-line': mix(text, surface, 0.45),
    hover: mix(surface, text, 0.06),
    tint: mix(surface, accent, 0.08),
  }
}

/** Pairs that are drawn on each other and the contrast that WCAG 2.2 wants (1.4.3 text, 1.4.11 controls). */
const REQUIRED: readonly (readonly [keyof Palette, keyof Palette, number])[] = [
  ['text', 'surface', 4.5],
  ['text', 'background', 4.5],
  ['text', 'hover', 4.5],
  ['text', 'tint', 4.5],
  ['muted', 'surface', 4.5],
  ['muted', 'background', 4.5],
  ['accent', 'surface', 4.5],
  ['accent', 'background', 4.5],
  ['accent', 'tint', 4.5],
  ['on-accent', 'accent', 4.5],
  ['on-accent', 'accent-hover', 4.5],
  ['control-line', 'surface', 3],
]

/** A sentence for each pair that somebody with weak sight could not tell apart. */
export const contrastProblems = (palette: Palette): string[] =>
  REQUIRED.flatMap(([front, back, wanted]) => {
    const found = contrast(palette[front], palette[back])
    return found >= wanted
      ? []
      : [
          `${front} ${palette[front]} on ${back} ${palette[back]} has a contrast of ${found.toFixed(2)}:1, and needs ${wanted}:1`,
        ]
  })

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export const contrast = (one: string, other: string): number => {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (lighter + 0.05) / (darker + 0.05)
}

const channels = (colour: string): number[] =>
  [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
const luminance = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** `share` 0 is the first colour, 1 the second. */
const mix = (first: string, second: string, share: number): string => {
  const others = channels(second)
  const mixed = channels(first).map((channel, index) =>
    Math.round(channel + ((others[index] ?? 0) - channel) * share),
  )
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}
