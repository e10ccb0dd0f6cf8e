/**
 * The bytes of a user export as Auth0's job writes it (NDJSON) or hands it out (the same, gzipped).
 * https://auth0.com/docs/manage-users/user-migration/bulk-user-exports
 */
import { createGunzip } from 'node:zlib'

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b])

/** Deflate can make 1,000 bytes of one, and what comes out of a step is held in memory. */
const GUNZIP_STEP_BYTES = 16 * 1024

/** Unpacks what begins like a gzip file, whatever its name is, and passes on everything else. */
export async function* readExport(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  let isOver = false
  while (head.length < GZIP_MAGIC.length && !isOver) {
    const next = await chunks.next()
    if (next.done === true) isOver = true
    else head = Buffer.concat([head, next.value])
  }
  const all = (async function* () {
    yield head
    for (;;) {
      const next = isOver ? undefined : await chunks.next()
      if (next === undefined || next.done === true) return
      yield next.value
    }
  })()
  try {
    yield* head.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC) ? gunzip(all) : all
  } finally {
    await chunks.return?.()
  }
}

/**
 * Gives out everything that could be unpacked before it fails: a pipe would drop what it still
 * holds when the file turns out to be cut short.
 */
async function* gunzip(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const stream = createGunzip()
  const unpacked: Buffer[] = []
  let failure: Error | undefined
  let goOn = (): void => undefined
  stream.on('data', (chunk: Buffer) => unpacked.push(chunk))
  stream.on('error', (error) => {
    failure = error
    goOn()
  })
  /** Waits for `step`, or for an error: a write that meets broken data never calls back. */
  const waitFor = (step: (done: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      goOn = resolve
      step(resolve)
    })
  function* takeUnpacked(): Generator<Buffer> {
    yield* unpacked.splice(0)
    if (failure !== undefined) throw failure
  }
  for await (const chunk of source) {
    for (let start = 0; start < chunk.length; start += GUNZIP_STEP_BYTES) {
      const step = chunk.subarray(start, start + GUNZIP_STEP_BYTES)
      await waitFor((done) => stream.write(step, done))
      yield* takeUnpacked()
    }
  }
  await waitFor((done) => {
    stream.once('end', done)
    stream.end()
  })
  yield* takeUnpacked()
}
