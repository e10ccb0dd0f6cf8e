#!/usr/bin/env node
/** The command `local-tenant`. See `command.ts`. */
import { tsImport } from 'tsx/esm/api'

await tsImport('./command.ts', import.meta.url)
