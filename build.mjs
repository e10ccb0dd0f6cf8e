/** `npm run build`: bundles the Actions into `dist/`. See `build/command.ts`. */
import { tsImport } from 'tsx/esm/api'

await tsImport('./build/command.ts', import.meta.url)
