/** What `gcloud iam workload-identity-pools create-cred-config` writes: whoever has the token in that file may have one of Google's. */
export function workloadCredentials({ tokenUrl, file }: { tokenUrl: string; file: string }): string {
  return JSON.stringify({
    type: 'external_account',
    audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/ci',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: tokenUrl,
    credential_source: { file },
  })
}
