/** What an auth client remembers of its last answer. */
export interface GoogleTokens {
  readonly access_token?: string | null | undefined
  /** Milliseconds since the epoch. */
  readonly expiry_date?: number | null | undefined
}

/** The part of `google-auth-library`'s `AuthClient` that is used: any of its clients fits. */
export interface GoogleAuthClient {
  getAccessToken(): Promise<{ readonly token?: string | null | undefined }>
  readonly credentials: GoogleTokens
  /** Without it, a token that a cluster refuses is kept for as long as the client keeps it. */
  setCredentials?(credentials: GoogleTokens): void
}
