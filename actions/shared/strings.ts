/** Largest attribute that is looked at: groups before a filter, or many in one string to split. */
export const MAX_INPUT_ELEMENTS = 20_000
export const MAX_INPUT_LENGTH = 500_000

/**
 * An attribute as strings without spaces around them, whether it came as one or as a list;
 * `undefined` for anything else. Elements of a list that are null or empty say nothing and are left
 * out, unless there is nothing but an empty one.
 */
export const readStrings = (attribute: unknown): readonly string[] | undefined => {
  if (Array.isArray(attribute) && attribute.length > MAX_INPUT_ELEMENTS) return undefined
  const elements: unknown[] = (Array.isArray(attribute) ? attribute : [attribute]).filter(
    (element) => element !== undefined && element !== null,
  )
  if (!elements.every((element) => ['string', 'number', 'boolean'].includes(typeof element))) {
    return undefined
  }
  const said = elements.map(String)
  if (!isSmallEnough(said)) return undefined
  const texts = said.map((text) => text.trim())
  return texts.some(isNotEmpty) ? texts.filter(isNotEmpty) : texts.slice(0, 1)
}

/** Whether strings are no more than a transform can take. */
export const isSmallEnough = (texts: readonly string[]): boolean =>
  texts.length <= MAX_INPUT_ELEMENTS &&
  texts.reduce((sum, { length }) => sum + length, 0) <= MAX_INPUT_LENGTH

export const isNotEmpty = (text: string): boolean => text !== ''
