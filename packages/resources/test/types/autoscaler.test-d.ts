import { HorizontalPodAutoscaler, type MetricSpec } from '@kubeclient/resources/autoscaling/v2'
import { client } from './client.ts'

const metrics: MetricSpec[] = [
  { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
  { type: 'Pods', pods: { metric: { name: 'requests' }, target: { type: 'AverageValue', averageValue: '1k' } } },
]
const autoscalers = client.resource(HorizontalPodAutoscaler)
const { status } = await autoscalers.create({
  metadata: { name: 'web' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    minReplicas: 2,
    maxReplicas: 10,
    metrics,
    behavior: {
      scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }] },
    },
  },
})
const limited = status?.conditions?.some(({ type, status: state }) => type === 'ScalingLimited' && state === 'True')
for (const metric of status?.currentMetrics ?? []) {
  if (metric.type === 'Resource') console.log(metric.resource?.name, metric.resource?.current.averageUtilization)
}
console.log(limited, status?.desiredReplicas)
