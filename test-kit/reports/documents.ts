import type { TermsDocument } from '../../actions/enforce-terms/schema.ts'

const effectiveAt = (version: string): string => `${version}-01T00:00:00Z`

/** A required and an optional document; of the first, the second version is a mended typo. */
export const documents: readonly [TermsDocument, ...TermsDocument[]] = [
  {
    id: 'news',
    title: 'Product news',
    required: false,
    versions: [{ version: '2025-01', effectiveAt: effectiveAt('2025-01'), mustReaccept: true }],
  },
  {
    id: 'terms',
    title: 'Terms of use',
    required: true,
    versions: [
      { version: '2025-01', effectiveAt: effectiveAt('2025-01'), mustReaccept: true },
      { version: '2025-02', effectiveAt: effectiveAt('2025-02'), mustReaccept: false },
      { version: '2026-01', effectiveAt: effectiveAt('2026-01'), mustReaccept: true },
    ],
  },
]

export const TIME = '2026-02-03T04:05:06.000Z'

/** An export in chunks of this many bytes, as a file or a pipe gives it. */
export async function* inChunks(content: string | Buffer, size = 64): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(content)
  for (let start = 0; start < bytes.length; start += size) {
    yield bytes.subarray(start, start + size)
  }
}
