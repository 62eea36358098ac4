import { NetworkPolicy, type NetworkPolicyPeer } from '@kubeclient/resources/networking/v1'
import { client } from './client.ts'

const monitoring: NetworkPolicyPeer = {
  namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'In', values: ['ops', 'sre'] }] },
  podSelector: { matchLabels: { app: 'prometheus' } },
}
const policies = client.resource(NetworkPolicy)
await policies.apply({
  metadata: { name: 'database' },
  spec: {
    podSelector: { matchLabels: { app: 'database' } },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      { from: [monitoring], ports: [{ port: 'metrics' }] },
      {
        from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }],
        ports: [{ protocol: 'TCP', port: 5432 }],
      },
    ],
    egress: [],
  },
})
for (const { spec } of (await policies.list()).items) {
  const operators = spec?.podSelector?.matchExpressions?.map(({ operator }) => operator)
  console.log(operators?.includes('Exists'))
}
