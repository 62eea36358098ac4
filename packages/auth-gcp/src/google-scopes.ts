/** What GKE asks for: who it is, and that by name. */
export const googleScopes: readonly string[] = [
  'https://www.googleapis.com/auth/cloud-platform',
  'https://www.googleapis.com/auth/userinfo.email',
]
