/** What is read of a schema of OpenAPI v3, as the API server and CustomResourceDefinitions write them. */
export interface Schema {
  readonly $ref?: string | undefined
  readonly allOf?: readonly Schema[] | undefined
  readonly type?: string | undefined
  readonly format?: string | undefined
  readonly description?: string | undefined
  readonly enum?: readonly unknown[] | undefined
  readonly nullable?: boolean | undefined
  readonly required?: readonly string[] | undefined
  readonly properties?: Readonly<Record<string, Schema>> | undefined
  readonly additionalProperties?: Schema | boolean | undefined
  readonly items?: Schema | undefined
  readonly 'x-kubernetes-int-or-string'?: boolean | undefined
  readonly 'x-kubernetes-embedded-resource'?: boolean | undefined
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean | undefined
}

/** A schema that gets a type of its own. */
export interface NamedSchema {
  readonly name: string
  readonly schema: Schema
  /** The API kind that it is, if any. */
  readonly kind?: KindOfSchema | undefined
}

export interface KindOfSchema {
  readonly apiVersion: string
  readonly kind: string
  /** Where it is served; absent for kinds that are the body of a subresource only. */
  readonly served?: Served | undefined
}

export interface Served {
  /** Plural, as in URLs. */
  readonly resource: string
  readonly namespaced: boolean
  /** Answered and never stored. */
  readonly createOnly: boolean
}
