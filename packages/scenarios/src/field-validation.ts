import { expect } from 'vitest'
import { failure } from './failure.ts'
import { installWidgets, Widget } from './install-widgets.ts'
import type { Scenario } from './scenario.ts'

const misspelled = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, dtaa: { k: 'v' } }

export const fieldValidation: readonly Scenario[] = [
  {
    title: 'a field that the kind does not have is an error for who asks for strictness',
    needs: 'control-plane',
    async run({ client }) {
      const error = await failure(client.create(misspelled, { fieldValidation: 'Strict' }), 'KUBE_API')

      expect(error).toMatchObject({ status: 400, reason: 'BadRequest' })
      expect(error.message).toContain('unknown field "dtaa"')
    },
  },
  {
    title: 'a field that a custom kind does not have is an error for who asks for strictness',
    needs: 'control-plane',
    async run({ client }) {
      await installWidgets(client)
      const widgets = client.with({ fieldValidation: 'Strict' }).resource(Widget)
      await widgets.create({ metadata: { name: 'a' }, spec: { size: 1 } })

      const merge = { status: {}, stauts: {} }
      const error = await failure(widgets.patch('a', { merge }), 'KUBE_API')

      expect(error.message).toContain('unknown field "stauts"')
    },
  },
  {
    title: 'a field that the kind does not have is a warning, told once',
    needs: 'control-plane',
    async run({ withClient, config, namespace }) {
      const warnings: string[] = []
      await withClient({ ...config, namespace, onWarning: ({ text }) => warnings.push(text) }, async (client) => {
        await client.create(misspelled)
        await client.delete(misspelled)
        await client.create(misspelled)
      })

      expect(warnings.filter((text) => text.includes('unknown field "dtaa"'))).toEqual(['unknown field "dtaa"'])
    },
  },
]
