/** What `gcloud container clusters get-credentials` writes. */
export function gkeKubeconfig(server: string): string {
  return `apiVersion: v1
kind: Config
current-context: gke_project_europe-west1_demo
clusters:
- name: gke_project_europe-west1_demo
  cluster: { server: '${server}' }
contexts:
- name: gke_project_europe-west1_demo
  context: { cluster: gke_project_europe-west1_demo, user: gke_project_europe-west1_demo }
users:
- name: gke_project_europe-west1_demo
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: gke-gcloud-auth-plugin
      installHint: Install gke-gcloud-auth-plugin for use with kubectl
      provideClusterInfo: true
`
}
