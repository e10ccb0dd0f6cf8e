export type TenantFailureCode = 'certificate_unusable' | 'port_in_use' | 'state_unusable'

/** Why a tenant cannot start, in one sentence. The caller says what to do about it. */
export class TenantFailure extends Error {
  readonly code: TenantFailureCode

  constructor(code: TenantFailureCode, message: string) {
    super(message)
    this.name = 'TenantFailure'
    this.code = code
  }
}
