import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { assertNames, assertPageParams, type PageParams } from './paging.ts'
import type { ApiRun } from './run.ts'

type GroupsAPI = PostLoginAPI['groups']

/** There are no groups on a laptop: every user is in none of them. */
export class Groups implements GroupsAPI {
  readonly #run: ApiRun

  constructor(run: ApiRun) {
    this.#run = run
  }

  async getUserGroups(params: PageParams = {}): ReturnType<GroupsAPI['getUserGroups']> {
    assertPageParams(params)
    this.#run.record('groups.getUserGroups', params)
    return { groups: [] }
  }

  async hasGroupMembership(groups: string[]): ReturnType<GroupsAPI['hasGroupMembership']> {
    assertNames('groups', groups)
    this.#run.record('groups.hasGroupMembership', groups)
    return { memberships: Object.fromEntries(groups.map((group) => [group, { is_member: false }])) }
  }
}
