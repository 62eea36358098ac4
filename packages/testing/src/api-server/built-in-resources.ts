import type { ResourceType, Subresource } from './resource-type.ts'

const standardVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

const workloadScale = {
  specReplicas: ['spec', 'replicas'],
  statusReplicas: ['status', 'replicas'],
  selector: ['spec', 'selector'],
}

/**
 * What a Kubernetes 1.37 server has by default, in the order of its discovery, and how each kind behaves on POST and DELETE.
 * Protection finalizers (of volume claims and the like) are left out: in a whole cluster a controller removes them at once.
 */
export const builtInResources: readonly ResourceType[] = [
  ...groupVersion('', 'v1', [
    namespaced('bindings', 'Binding', { verbs: ['create'] }),
    cluster('componentstatuses', 'ComponentStatus', { shortNames: ['cs'], verbs: ['get', 'list'] }),
    namespaced('configmaps', 'ConfigMap', { shortNames: ['cm'] }),
    namespaced('endpoints', 'Endpoints', { shortNames: ['ep'] }),
    namespaced('events', 'Event', { shortNames: ['ev'] }),
    namespaced('limitranges', 'LimitRange', { shortNames: ['limits'] }),
    cluster('namespaces', 'Namespace', {
      shortNames: ['ns'],
      verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
      subresources: [sub('finalize', 'Namespace', ['update']), 'status'],
    }),
    cluster('nodes', 'Node', {
      shortNames: ['no'],
      initialStatus: undefined,
      subresources: [sub('proxy', 'NodeProxyOptions', ['create', 'delete', 'get', 'patch', 'update']), 'status'],
    }),
    namespaced('persistentvolumeclaims', 'PersistentVolumeClaim', {
      shortNames: ['pvc'],
      subresources: ['status'],
      deleteReturnsObject: true,
      initialStatus: { phase: 'Pending' },
    }),
    cluster('persistentvolumes', 'PersistentVolume', {
      shortNames: ['pv'],
      subresources: ['status'],
      deleteReturnsObject: true,
      initialStatus: { phase: 'Pending' },
    }),
    namespaced('pods', 'Pod', {
      shortNames: ['po'],
      categories: ['all'],
      subresources: [
        sub('attach', 'PodAttachOptions', ['create', 'get']),
        sub('binding', 'Binding', ['create']),
        sub('ephemeralcontainers', 'Pod', ['get', 'patch', 'update']),
        sub('eviction', 'Eviction', ['create'], 'policy/v1'),
        sub('exec', 'PodExecOptions', ['create', 'get']),
        sub('log', 'Pod', ['get']),
        sub('portforward', 'PodPortForwardOptions', ['create', 'get']),
        sub('proxy', 'PodProxyOptions', ['create', 'delete', 'get', 'patch', 'update']),
        sub('resize', 'Pod', ['get', 'patch', 'update']),
        'status',
      ],
      hasGeneration: true,
      deleteReturnsObject: true,
      initialStatus: { phase: 'Pending' },
    }),
    namespaced('podtemplates', 'PodTemplate', { hasGeneration: true, deleteReturnsObject: true }),
    namespaced('replicationcontrollers', 'ReplicationController', {
      shortNames: ['rc'],
      categories: ['all'],
      subresources: ['scale', 'status'],
      hasGeneration: true,
      orphansByDefault: true,
      initialStatus: { replicas: 0 },
    }),
    namespaced('resourcequotas', 'ResourceQuota', {
      shortNames: ['quota'],
      subresources: ['status'],
      deleteReturnsObject: true,
    }),
    namespaced('secrets', 'Secret'),
    namespaced('serviceaccounts', 'ServiceAccount', {
      shortNames: ['sa'],
      subresources: [sub('token', 'TokenRequest', ['create'], 'authentication.k8s.io/v1')],
      deleteReturnsObject: true,
    }),
    namespaced('services', 'Service', {
      shortNames: ['svc'],
      categories: ['all'],
      subresources: [sub('proxy', 'ServiceProxyOptions', ['create', 'delete', 'get', 'patch', 'update']), 'status'],
      deleteReturnsObject: true,
      initialStatus: { loadBalancer: {} },
    }),
  ]),
  ...groupVersion('apiregistration.k8s.io', 'v1', [
    cluster('apiservices', 'APIService', { categories: ['api-extensions'], subresources: ['status'] }),
  ]),
  ...groupVersion('apps', 'v1', [
    namespaced('controllerrevisions', 'ControllerRevision'),
    namespaced('daemonsets', 'DaemonSet', {
      shortNames: ['ds'],
      categories: ['all'],
      subresources: ['status'],
      hasGeneration: true,
      initialStatus: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
    }),
    namespaced('deployments', 'Deployment', {
      shortNames: ['deploy'],
      categories: ['all'],
      subresources: ['scale', 'status'],
      hasGeneration: true,
    }),
    namespaced('replicasets', 'ReplicaSet', {
      shortNames: ['rs'],
      categories: ['all'],
      subresources: ['scale', 'status'],
      hasGeneration: true,
      initialStatus: { replicas: 0 },
    }),
    namespaced('statefulsets', 'StatefulSet', {
      shortNames: ['sts'],
      categories: ['all'],
      subresources: ['scale', 'status'],
      hasGeneration: true,
      initialStatus: { replicas: 0, availableReplicas: 0 },
    }),
  ]),
  ...groupVersion('events.k8s.io', 'v1', [namespaced('events', 'Event', { shortNames: ['ev'] })]),
  ...groupVersion('authentication.k8s.io', 'v1', [
    cluster('selfsubjectreviews', 'SelfSubjectReview', { verbs: ['create'] }),
    cluster('tokenreviews', 'TokenReview', { verbs: ['create'] }),
  ]),
  ...groupVersion('authorization.k8s.io', 'v1', [
    namespaced('localsubjectaccessreviews', 'LocalSubjectAccessReview', { verbs: ['create'] }),
    cluster('selfsubjectaccessreviews', 'SelfSubjectAccessReview', { verbs: ['create'] }),
    cluster('selfsubjectrulesreviews', 'SelfSubjectRulesReview', { verbs: ['create'] }),
    cluster('subjectaccessreviews', 'SubjectAccessReview', { verbs: ['create'] }),
  ]),
  ...groupVersion('autoscaling', 'v2', [
    namespaced('horizontalpodautoscalers', 'HorizontalPodAutoscaler', {
      shortNames: ['hpa'],
      categories: ['all'],
      subresources: ['status'],
      hasGeneration: true,
    }),
  ]),
  ...groupVersion('autoscaling', 'v1', [
    namespaced('horizontalpodautoscalers', 'HorizontalPodAutoscaler', {
      shortNames: ['hpa'],
      categories: ['all'],
      subresources: ['status'],
      hasGeneration: true,
    }),
  ]),
  ...groupVersion('batch', 'v1', [
    namespaced('cronjobs', 'CronJob', {
      shortNames: ['cj'],
      categories: ['all'],
      subresources: ['status'],
      hasGeneration: true,
    }),
    namespaced('jobs', 'Job', {
      categories: ['all'],
      subresources: ['status'],
      hasGeneration: true,
      orphansByDefault: true,
    }),
  ]),
  ...groupVersion('certificates.k8s.io', 'v1', [
    cluster('certificatesigningrequests', 'CertificateSigningRequest', {
      shortNames: ['csr'],
      subresources: [sub('approval', 'CertificateSigningRequest', ['get', 'patch', 'update']), 'status'],
    }),
    cluster('clustertrustbundles', 'ClusterTrustBundle'),
    namespaced('podcertificaterequests', 'PodCertificateRequest', { subresources: ['status'] }),
  ]),
  ...groupVersion('networking.k8s.io', 'v1', [
    cluster('ingressclasses', 'IngressClass', { hasGeneration: true }),
    namespaced('ingresses', 'Ingress', {
      shortNames: ['ing'],
      subresources: ['status'],
      hasGeneration: true,
      initialStatus: { loadBalancer: {} },
    }),
    cluster('ipaddresses', 'IPAddress', { shortNames: ['ip'] }),
    namespaced('networkpolicies', 'NetworkPolicy', { shortNames: ['netpol'], hasGeneration: true }),
    cluster('servicecidrs', 'ServiceCIDR', { subresources: ['status'] }),
  ]),
  ...groupVersion('policy', 'v1', [
    namespaced('poddisruptionbudgets', 'PodDisruptionBudget', {
      shortNames: ['pdb'],
      subresources: ['status'],
      hasGeneration: true,
      initialStatus: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
    }),
  ]),
  ...groupVersion('rbac.authorization.k8s.io', 'v1', [
    cluster('clusterrolebindings', 'ClusterRoleBinding'),
    cluster('clusterroles', 'ClusterRole'),
    namespaced('rolebindings', 'RoleBinding'),
    namespaced('roles', 'Role'),
  ]),
  ...groupVersion('storage.k8s.io', 'v1', [
    cluster('csidrivers', 'CSIDriver', { deleteReturnsObject: true }),
    cluster('csinodes', 'CSINode', { subresources: ['status'], deleteReturnsObject: true }),
    namespaced('csistoragecapacities', 'CSIStorageCapacity'),
    cluster('storageclasses', 'StorageClass', { shortNames: ['sc'], deleteReturnsObject: true }),
    cluster('volumeattachments', 'VolumeAttachment', {
      subresources: ['status'],
      deleteReturnsObject: true,
      initialStatus: { attached: false },
    }),
    cluster('volumeattributesclasses', 'VolumeAttributesClass', { shortNames: ['vac'], deleteReturnsObject: true }),
  ]),
  ...groupVersion('admissionregistration.k8s.io', 'v1', [
    cluster('mutatingadmissionpolicies', 'MutatingAdmissionPolicy', {
      categories: ['api-extensions'],
      hasGeneration: true,
    }),
    cluster('mutatingadmissionpolicybindings', 'MutatingAdmissionPolicyBinding', {
      categories: ['api-extensions'],
      hasGeneration: true,
    }),
    cluster('mutatingwebhookconfigurations', 'MutatingWebhookConfiguration', {
      categories: ['api-extensions'],
      hasGeneration: true,
    }),
    cluster('validatingadmissionpolicies', 'ValidatingAdmissionPolicy', {
      categories: ['api-extensions'],
      subresources: ['status'],
      hasGeneration: true,
    }),
    cluster('validatingadmissionpolicybindings', 'ValidatingAdmissionPolicyBinding', {
      categories: ['api-extensions'],
      hasGeneration: true,
    }),
    cluster('validatingwebhookconfigurations', 'ValidatingWebhookConfiguration', {
      categories: ['api-extensions'],
      hasGeneration: true,
    }),
  ]),
  ...groupVersion('apiextensions.k8s.io', 'v1', [
    cluster('customresourcedefinitions', 'CustomResourceDefinition', {
      shortNames: ['crd', 'crds'],
      categories: ['api-extensions'],
      subresources: ['status'],
      hasGeneration: true,
    }),
  ]),
  ...groupVersion('scheduling.k8s.io', 'v1', [
    cluster('priorityclasses', 'PriorityClass', { shortNames: ['pc'], hasGeneration: true }),
  ]),
  ...groupVersion('coordination.k8s.io', 'v1', [namespaced('leases', 'Lease')]),
  ...groupVersion('node.k8s.io', 'v1', [cluster('runtimeclasses', 'RuntimeClass')]),
  ...groupVersion('discovery.k8s.io', 'v1', [namespaced('endpointslices', 'EndpointSlice', { hasGeneration: true })]),
  ...groupVersion('resource.k8s.io', 'v1', [
    cluster('deviceclasses', 'DeviceClass', { hasGeneration: true, deleteReturnsObject: true }),
    cluster('devicetaintrules', 'DeviceTaintRule', { subresources: ['status'], hasGeneration: true }),
    namespaced('resourceclaims', 'ResourceClaim', { subresources: ['status'], deleteReturnsObject: true }),
    namespaced('resourceclaimtemplates', 'ResourceClaimTemplate', { deleteReturnsObject: true }),
    cluster('resourceslices', 'ResourceSlice', { hasGeneration: true, deleteReturnsObject: true }),
  ]),
  ...groupVersion('flowcontrol.apiserver.k8s.io', 'v1', [
    cluster('flowschemas', 'FlowSchema', { subresources: ['status'], hasGeneration: true }),
    cluster('prioritylevelconfigurations', 'PriorityLevelConfiguration', {
      subresources: ['status'],
      hasGeneration: true,
    }),
  ]),
  ...groupVersion('storagemigration.k8s.io', 'v1', [
    cluster('storageversionmigrations', 'StorageVersionMigration', { subresources: ['status'] }),
  ]),
]

interface Row extends Partial<Omit<ResourceType, 'group' | 'version' | 'subresources' | 'custom'>> {
  plural: string
  kind: string
  namespaced: boolean
  subresources?: readonly (Subresource | 'status' | 'scale')[]
}

type Extras = Omit<Row, 'plural' | 'kind' | 'namespaced'>

function namespaced(plural: string, kind: string, extras: Extras = {}): Row {
  return { ...extras, plural, kind, namespaced: true }
}

function cluster(plural: string, kind: string, extras: Extras = {}): Row {
  return { ...extras, plural, kind, namespaced: false }
}

function sub(name: string, kind: string, verbs: readonly string[], apiVersion?: string): Subresource {
  return { name, kind, verbs, apiVersion }
}

function groupVersion(group: string, version: string, rows: readonly Row[]): ResourceType[] {
  return rows.map((row) => {
    const subresources = (row.subresources ?? []).map((entry) => expand(entry, row.kind))
    return {
      singular: row.kind.toLowerCase(),
      verbs: row.verbs ?? standardVerbs,
      shortNames: row.shortNames ?? [],
      categories: row.categories ?? [],
      hasGeneration: row.hasGeneration ?? false,
      deleteReturnsObject: row.deleteReturnsObject ?? false,
      orphansByDefault: row.orphansByDefault ?? false,
      initialStatus: initialStatusOf(row),
      scale: row.subresources?.includes('scale') === true ? workloadScale : undefined,
      plural: row.plural,
      kind: row.kind,
      namespaced: row.namespaced,
      custom: false,
      group,
      version,
      subresources,
    }
  })
}

/** Empty, unless the row says something else, `undefined` included. */
function initialStatusOf(row: Row): object | undefined {
  if ('initialStatus' in row) return row.initialStatus
  return row.subresources?.includes('status') === true ? {} : undefined
}

function expand(entry: Subresource | 'status' | 'scale', kind: string): Subresource {
  if (entry === 'status') return { name: entry, kind, verbs: ['get', 'patch', 'update'] }
  if (entry === 'scale')
    return { name: entry, kind: 'Scale', verbs: ['get', 'patch', 'update'], apiVersion: 'autoscaling/v1' }
  return entry
}
