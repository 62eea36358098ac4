/**
 * What the command `kubeclient-types` is made of, for programs that generate.
 *
 * @module @kubeclient/type-generator
 */
export { definitionModules } from './definition-modules.ts'
export { emitModule, type ImportedType, type TypeModule } from './emit-module.ts'
export { parseManifests } from './parse-manifests.ts'
export { type Definition, readDefinition } from './read-definition.ts'
export type { KindOfSchema, NamedSchema, Schema, Served } from './schema.ts'
