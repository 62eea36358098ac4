import { ConfigMap } from '@kubeclient/resources/core/v1'
import { expect } from 'vitest'
import type { Scenario } from './scenario.ts'

export const tables: readonly Scenario[] = [
  {
    title: 'a table has a row for each object, and columns with names',
    async run({ client }) {
      const created = await client.resource(ConfigMap).create({ metadata: { name: 'a' } })

      const table = await client.resource(ConfigMap).table()

      expect(table.kind).toBe('Table')
      const column = table.columnDefinitions.findIndex(({ name }) => name === 'Name')
      expect(table.rows.map(({ cells, object }) => [cells[column], object?.metadata?.uid])).toEqual([
        ['a', created.metadata.uid],
      ])
    },
  },
]
