import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { assertNames, assertPageParams, pageOf, type PageParams } from './paging.ts'
import type { ApiRun } from './run.ts'

type RolesAPI = PostLoginAPI['roles']
type Role = Awaited<ReturnType<RolesAPI['getUserEffectiveRolesByIds']>>['roles'][number]

/** The roles of `event.authorization`, which has names only: the id is `rol_` and the name. */
export class Roles implements RolesAPI {
  readonly #run: ApiRun

  constructor(run: ApiRun) {
    this.#run = run
  }

  async getUserEffectiveRoles(
    params: PageParams = {},
  ): ReturnType<RolesAPI['getUserEffectiveRoles']> {
    assertPageParams(params)
    this.#run.record('roles.getUserEffectiveRoles', params)
    const { items: roles, ...rest } = pageOf(this.#roles(), params)
    return { roles, ...rest }
  }

  async getUserEffectiveRolesByIds(
    ids: string[],
  ): ReturnType<RolesAPI['getUserEffectiveRolesByIds']> {
    assertNames('ids', ids)
    this.#run.record('roles.getUserEffectiveRolesByIds', ids)
    return { roles: this.#roles().filter(({ id }) => ids.includes(id)) }
  }

  async getUserEffectiveRolesByNames(
    names: string[],
  ): ReturnType<RolesAPI['getUserEffectiveRolesByNames']> {
    assertNames('names', names)
    this.#run.record('roles.getUserEffectiveRolesByNames', names)
    return { roles: this.#roles().filter(({ name }) => names.includes(name)) }
  }

  #roles(): Role[] {
    const names = this.#run.event.authorization?.roles ?? []
    return names.map((name) => ({ id: `rol_${name}`, name, type: 'tenant' }))
  }
}
