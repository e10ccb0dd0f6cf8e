/**
 * Jest's order of suites: the slow ones of the list first, because a late one would be waited for;
 * with --watch last, because somebody waits for the first.
 */
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import Sequencer from '@jest/test-sequencer'

const root = dirname(import.meta.dirname)

const SLOW = JSON.parse(readFileSync(join(import.meta.dirname, 'slow-suites.json'), 'utf8'))

const rank = ({ path }) => SLOW.indexOf(relative(root, path))

export default class SlowestFirst extends Sequencer {
  constructor(options) {
    super(options)
    this.isWatching = options.globalConfig.watch
  }

  sort(tests) {
    const slow = tests
      .filter((test) => rank(test) >= 0)
      .sort((one, other) => rank(one) - rank(other))
    const quick = super.sort(tests.filter((test) => rank(test) < 0))
    return this.isWatching ? [...quick, ...slow.reverse()] : [...slow, ...quick]
  }
}
