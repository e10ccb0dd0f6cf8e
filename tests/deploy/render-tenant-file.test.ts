import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { planDeployment } from '../../deploy/plan-deployment.ts'
import { renderTenantFile } from '../../deploy/render-tenant-file.ts'
import { aRepository, aRepositoryAction, aTenant } from '../../test-kit/deploy/builders.ts'

const render = (repository = aRepository(), tenant = aTenant()) =>
  renderTenantFile(planDeployment(repository, tenant), repository)

const parsed = (text = ''): unknown => parse(text.replaceAll(/@@(\w+)@@/g, '"value of $1"'))

describe('the tenant.yaml that the Deploy CLI gets', () => {
  test('holds new Actions with their code inside its folder, and the markers of their secrets', () => {
    const { files, secretNames } = render()
    expect(Object.keys(files)).toEqual(['tenant.yaml', 'actions/first.js', 'actions/second.js'])
    expect(parsed(files['tenant.yaml'])).toEqual({
      actions: [
        {
          name: 'first',
          code: './actions/first.js',
          runtime: 'node22',
          deployed: false,
          supported_triggers: [{ id: 'post-login', version: 'v3' }],
          dependencies: [],
          secrets: [{ name: 'API_KEY', value: 'value of API_KEY' }],
        },
        expect.objectContaining({ name: 'second', secrets: [] }),
      ],
    })
    expect(files['tenant.yaml']).toContain('@@API_KEY@@')
    expect(secretNames).toEqual(['API_KEY'])
  })

  test('holds only what changes', () => {
    const repository = aRepository()
    const tenant = aTenant({ deployed: repository, bound: ['theirs', 'first', 'second'] })
    const second = tenant.actions.find(({ name }) => name === 'second')
    if (second?.deployed) second.deployed.code = '// older\n'
    const { files, secretNames } = render(repository, tenant)
    expect(parsed(files['tenant.yaml'])).toEqual({
      actions: [expect.objectContaining({ name: 'second' })],
    })
    expect(secretNames).toEqual([])
  })

  test('holds no trigger, also when ours are out of order', () => {
    const repository = aRepository()
    const [first] = repository.actions
    const tenant = aTenant({ deployed: repository, bound: ['second', 'theirs', 'first'] })
    tenant.actions = tenant.actions.filter(({ name }) => name !== first?.name)
    expect(Object.keys(parsed(render(repository, tenant).files['tenant.yaml']) as object)).toEqual([
      'actions',
    ])
  })

  test('a dependency whose name looks like a marker is not one', () => {
    const evil = '##AUTH0_ACCESS_TOKEN## @@API_KEY@@ "##PATH##'
    const dependencies = [{ name: evil, version: '1.0.0' }]
    const text =
      render(aRepository([aRepositoryAction('first', { dependencies })])).files['tenant.yaml'] ?? ''
    expect(text).not.toMatch(/##\w+##|@@\w+@@/)
    expect(parse(text)).toMatchObject({ actions: [{ dependencies: [{ name: evil }] }] })
  })
})
