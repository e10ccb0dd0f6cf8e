import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { setOwn } from '../json.ts'
import type { ApiRun } from './run.ts'

type TransactionAPI = PostLoginAPI['transaction']
type Metadata = Record<string, string | number | boolean>

const MAX_KEY_LENGTH = 64
const MAX_VALUE_BYTES = 8 * 1024
const MAX_TOTAL_BYTES = 16 * 1024

/** The only setter whose value the Action itself can read back. */
export class Transaction implements TransactionAPI {
  readonly #run: ApiRun

  constructor(run: ApiRun) {
    this.#run = run
  }

  setMetadata(key: string, value: string | number | boolean | null): void {
    const { event, record, result } = this.#run
    const metadata: Metadata = { ...event.transaction?.metadata }
    if (typeof (key as unknown) !== 'string' || key === '' || key.length > MAX_KEY_LENGTH) {
      throw new Error(`Transaction metadata keys are strings of 1 to ${MAX_KEY_LENGTH} characters.`)
    }
    if (value === null) {
      delete metadata[key]
    } else {
      assertValue(value)
      setOwn(metadata, key, value)
    }
    if (Buffer.byteLength(JSON.stringify(metadata)) > MAX_TOTAL_BYTES) {
      throw new Error(`Transaction metadata exceeds ${MAX_TOTAL_BYTES} bytes in all.`)
    }
    record('transaction.setMetadata', key, value)
    if (event.transaction === undefined) event.transaction = { metadata }
    else event.transaction.metadata = metadata
    result.transactionMetadata = { ...metadata }
  }
}

const assertValue = (value: unknown): void => {
  if (!['string', 'number', 'boolean'].includes(typeof value)) {
    throw new Error('Transaction metadata values are strings, numbers or booleans.')
  }
  if (typeof value === 'number' && !isExact(value)) {
    throw new Error('Transaction metadata numbers are finite, and whole ones are safe integers.')
  }
  if (typeof value === 'string' && Buffer.byteLength(value) > MAX_VALUE_BYTES) {
    throw new Error(`Transaction metadata values have at most ${MAX_VALUE_BYTES} bytes.`)
  }
}

const isExact = (value: number): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
