/** Bytes of a line of an export. Auth0 holds a whole profile far below this. */
export const MAX_LINE_BYTES = 1_000_000

export interface Line {
  /** The first line is 1. */
  readonly number: number
  /** Without its end (`\n` or `\r\n`); `undefined` when there were more than allowed. */
  readonly bytes: Buffer | undefined
}

export interface LineSplitter {
  /** The lines that end in this chunk. Read them before the next call. */
  readonly push: (chunk: Buffer) => Generator<Line>
  /** The last line, when no line feed ended it. */
  readonly end: () => Generator<Line>
}

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/** Cuts chunks of any size into lines and never holds more than one line and one chunk. */
export const createLineSplitter = (maxBytes = MAX_LINE_BYTES): LineSplitter => {
  let number = 0
  let pieces: Buffer[] = []
  let length = 0

  const add = (piece: Buffer): void => {
    length += piece.length
    if (length <= maxBytes) pieces.push(piece)
    else pieces = []
  }

  const take = (): Line => {
    number += 1
    const bytes = length <= maxBytes ? trim(joined(pieces), number) : undefined
    pieces = []
    length = 0
    return { number, bytes }
  }

  return {
    *push(chunk) {
      let start = 0
      for (;;) {
        const end = chunk.indexOf(LINE_FEED, start)
        if (end === -1) break
        add(chunk.subarray(start, end))
        yield take()
        start = end + 1
      }
      if (start < chunk.length) add(chunk.subarray(start))
    },
    *end() {
      if (length > 0) yield take()
    },
  }
}

const joined = (pieces: readonly Buffer[]): Buffer =>
  pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)

const trim = (bytes: Buffer, number: number): Buffer =>
  bytes.subarray(
    number === 1 && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0,
    bytes.at(-1) === CARRIAGE_RETURN ? -1 : undefined,
  )
