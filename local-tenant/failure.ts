export type TenantFailureCode = 'certificate_unusable' | 'port_in_use' | 'state_unusable'

/** Why a tenant cannot start, in one sentence. What to do about it is for the caller to say. */
export class TenantFailure extends Error {
  readonly code: TenantFailureCode

  constructor(code: TenantFailureCode, message: string) {
    super(message)
    this.name = 'TenantFailure'
    this.code = code
  }
}
