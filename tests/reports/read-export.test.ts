import { constants, gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { readExport } from '../../reports/read-export.ts'
import { inChunks } from '../../test-kit/reports/documents.ts'

const LINES = Array.from({ length: 20_000 }, (_, index) => `{"n":${(index * 7919) % 104_729}}\n`)
const TEXT = LINES.join('')
const PACKED = gzipSync(TEXT)

/** What came out, and the code of the error that ended it. */
const read = async (source: AsyncIterable<Buffer>): Promise<[text: string, code: unknown]> => {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of readExport(source)) chunks.push(chunk)
  } catch (error) {
    return [Buffer.concat(chunks).toString(), (error as NodeJS.ErrnoException).code]
  }
  return [Buffer.concat(chunks).toString(), undefined]
}

/** Whatever of a packed file can be known. */
const unpackable = (packed: Buffer): string =>
  gunzipSync(packed, { finishFlush: constants.Z_SYNC_FLUSH }).toString()

describe('an export', () => {
  test.each([
    ['in small chunks', 1000],
    ['in one chunk', TEXT.length],
  ])('that is not packed is passed on, %s', async (_, size) => {
    expect(await read(inChunks(TEXT, size))).toEqual([TEXT, undefined])
  })

  test.each([9, 1000, PACKED.length])(
    'that is packed is unpacked, %i bytes a time',
    async (size) => {
      expect(await read(inChunks(PACKED, size))).toEqual([TEXT, undefined])
    },
  )

  test('that was packed in parts is unpacked to its end', async () => {
    const parts = Buffer.concat([gzipSync('a\n'), gzipSync('b\n')])
    expect(await read(inChunks(parts))).toEqual(['a\nb\n', undefined])
    expect(await read(inChunks(parts, 1))).toEqual(['a\nb\n', undefined])
  })

  test.each(['', '{', '\u001f'])('of %j is no packed one', async (content) => {
    expect(await read(inChunks(content))).toEqual([content, undefined])
  })

  test.each([
    ['in the middle', PACKED.subarray(0, PACKED.length / 2)],
    ['in its checksum', PACKED.subarray(0, -3)],
  ])('that breaks off %s is unpacked up to there', async (_, cut) => {
    expect(await read(inChunks(cut, 1000))).toEqual([unpackable(cut), 'Z_BUF_ERROR'])
  })

  test('that breaks off after two bytes is empty and broken', async () => {
    expect(await read(inChunks(PACKED.subarray(0, 2)))).toEqual(['', 'Z_BUF_ERROR'])
  })

  test('that is damaged ends there', async () => {
    const damaged = gzipSync(TEXT, { level: constants.Z_NO_COMPRESSION })
    const half = 120_000
    damaged.fill(0x07, half)
    const [text, code] = await read(inChunks(damaged, 1000))
    expect(code).toBe('Z_DATA_ERROR')
    expect(text.slice(0, half - 2000)).toBe(TEXT.slice(0, half - 2000))
  })

  test('whose checksum is wrong is damaged', async () => {
    const damaged = Buffer.from(PACKED)
    damaged.fill(0x07, PACKED.length - 8)
    expect(await read(inChunks(damaged, 1000))).toMatchObject({ 1: 'Z_DATA_ERROR' })
  })

  test.each([TEXT, PACKED])('that cannot be read further ends there', async (content) => {
    const source = async function* () {
      yield* inChunks(content.slice(0, 30_000), 1000)
      throw Object.assign(new Error('disk'), { code: 'EIO' })
    }
    const [text, code] = await read(source())
    expect(code).toBe('EIO')
    expect(text.startsWith(TEXT.slice(0, 20_000))).toBe(true)
  })

  test.each([TEXT, PACKED])('is let go when nobody wants the rest', async (content) => {
    let isOpen = true
    const source = async function* () {
      try {
        yield* inChunks(content, 1000)
      } finally {
        isOpen = false
      }
    }
    for await (const chunk of readExport(source())) {
      if (chunk.length > 0) break
    }
    expect(isOpen).toBe(false)
  })
})
