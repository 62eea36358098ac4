import { join } from 'node:path'

/** On Unix sockets: no port, and only who may enter the folder reaches it. */
export function etcdFlags(folder: string): readonly string[] {
  const clients = `unix://${join(folder, 'etcd.sock')}`
  const peers = `unix://${join(folder, 'peer.sock')}`
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    // Nothing here has to survive a power cut.
    '--unsafe-no-fsync',
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=default=${peers}`,
  ]
}

/** For an API server without controllers, on a port of 127.0.0.1. */
export function apiServerFlags({
  folder,
  pki,
  port,
}: {
  folder: string
  pki: string
  port: number
}): readonly string[] {
  const file = (name: string): string => join(pki, name)
  return [
    `--etcd-servers=unix://${join(folder, 'etcd.sock')}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    // Without these two it looks for a default route, and refuses loopback.
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    `--cert-dir=${pki}`,
    `--tls-cert-file=${file('apiserver.crt')}`,
    `--tls-private-key-file=${file('apiserver.key')}`,
    `--client-ca-file=${file('ca.crt')}`,
    `--token-auth-file=${file('tokens.csv')}`,
    '--authorization-mode=Node,RBAC',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${file('sa.pub')}`,
    `--service-account-signing-key-file=${file('sa.key')}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    '--allow-privileged=true',
    '--profiling=false',
    `--requestheader-client-ca-file=${file('front-proxy-ca.crt')}`,
    '--requestheader-allowed-names=front-proxy-client',
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--proxy-client-cert-file=${file('front-proxy-client.crt')}`,
    `--proxy-client-key-file=${file('front-proxy-client.key')}`,
    // No controller makes the service account without which it admits no pod.
    '--disable-admission-plugins=ServiceAccount',
  ]
}
