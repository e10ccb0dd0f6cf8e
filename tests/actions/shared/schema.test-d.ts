/** A schema that forgets or adds something does not compile. Checked by `npm run types`. */
import * as s from '../../../actions/shared/schema.ts'

interface Door {
  readonly colour: 'red' | 'green'
  readonly locks?: number
}
const colour = s.words('red', 'green')
const locks = s.optional(s.number)

export const door: s.Schema<Door> = s.object<Door>({ colour, locks })

// @ts-expect-error a member is forgotten
s.object<Door>({ colour })
// @ts-expect-error a member too many
s.object<Door>({ colour, locks, handle: s.string })
// @ts-expect-error another type
s.object<Door>({ colour: s.string, locks })
// @ts-expect-error a word is forgotten
s.object<Door>({ colour: s.words('red'), locks })
// @ts-expect-error a member that may be left out is demanded
s.object<Door>({ colour, locks: s.number })
// @ts-expect-error a member that is needed may be left out
s.object<Door>({ colour: s.optional(colour), locks })
