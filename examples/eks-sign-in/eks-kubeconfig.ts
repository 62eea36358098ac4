/** What `aws eks update-kubeconfig` writes. */
export function eksKubeconfig({ clusterName, region }: { clusterName: string; region: string }): string {
  const args = ['--region', region, 'eks', 'get-token', '--cluster-name', clusterName, '--output', 'json']
  const arn = `arn:aws:eks:${region}:123456789012:cluster/${clusterName}`
  const server = `https://0123456789ABCDEF0123456789ABCDEF.gr7.${region}.eks.amazonaws.com`
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': arn,
    clusters: [{ name: arn, cluster: { server } }],
    contexts: [{ name: arn, context: { cluster: arn, user: arn } }],
    users: [
      { name: arn, user: { exec: { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'aws', args } } },
    ],
  })
}
