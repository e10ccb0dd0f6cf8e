import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createLineSplitter } from '../../reports/split-lines.ts'

const split = (chunks: readonly (string | Buffer)[], maxBytes?: number): string[] => {
  const splitter = createLineSplitter(maxBytes)
  const lines = [
    ...chunks.flatMap((chunk) => [...splitter.push(Buffer.from(chunk))]),
    ...splitter.end(),
  ]
  return lines.map(({ number, bytes }) => `${number}:${bytes?.toString() ?? 'too long'}`)
}

describe('the lines of an export', () => {
  test.each<[string, (string | Buffer)[], string[]]>([
    ['end at a line feed', ['a\nb\n'], ['1:a', '2:b']],
    ['end at CRLF', ['a\r\nb\r\n'], ['1:a', '2:b']],
    ['end at a CRLF that two chunks share', ['a\r', '\nb'], ['1:a', '2:b']],
    ['end at the end of the file', ['a\nb'], ['1:a', '2:b']],
    ['go over chunks', ['a', 'b', 'c\nd', 'e\n'], ['1:abc', '2:de']],
    ['keep a carriage return inside', ['a\rb\n'], ['1:a\rb']],
    ['keep their number when some are empty', ['\n\nc\n'], ['1:', '2:', '3:c']],
    ['begin after a byte order mark', ['\uFEFFa\n\uFEFFb\n'], ['1:a', '2:\uFEFFb']],
    ['begin after a cut byte order mark', [Buffer.of(0xef), Buffer.of(0xbb, 0xbf), 'a'], ['1:a']],
    ['are none in an empty file', [], []],
    ['are none in an empty chunk', [''], []],
  ])('%s', (_, chunks, lines) => {
    expect(split(chunks)).toEqual(lines)
  })

  test('are given up when they are too long, and those after them are not', () => {
    expect(split(['aaaa\naaaaa\nbb', 'bbbb', 'bb\ncc\ndddd', 'd'], 4)).toEqual([
      '1:aaaa',
      '2:too long',
      '3:too long',
      '4:cc',
      '5:too long',
    ])
  })

  test('are the same however the file is cut into chunks', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'ü', '\n', '\r\n', '\uFEFF') })
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 7 }), (content, size) => {
        const bytes = Buffer.from(content)
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        )
        expect(split(chunks)).toEqual(split([bytes]))
      }),
    )
  })
})
