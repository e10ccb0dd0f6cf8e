import type { GuardAccessSettings } from './schema.ts'

export const settings: GuardAccessSettings = {
  emailTrustedConnections: [],
}
