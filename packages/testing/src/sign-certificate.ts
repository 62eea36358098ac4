import { createHash, createPublicKey, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_clientAuth,
  id_kp_serverAuth,
} from '@peculiar/asn1-x509'

/** Who signs; keys in PEM. */
interface Issuer {
  readonly commonName: string
  readonly publicKey: string
  readonly privateKey: string
}

/** What a certificate says about its owner. */
interface Subject {
  readonly commonName: string
  readonly organizations: readonly string[]
  /** DNS names and IP addresses: a server's certificate. None: a client's. */
  readonly sans: readonly string[]
  /** PEM, SPKI. */
  readonly publicKey: string
  readonly notBefore: Date
  readonly notAfter: Date
}

const ecdsaWithSha256 = '1.2.840.10045.4.3.2'
const commonNameType = '2.5.4.3'
const organizationType = '2.5.4.10'

/** PEM of an X.509 v3 certificate (RFC 5280), signed with ECDSA and SHA-256. An issuer that is its own subject makes an authority. */
export function signCertificate(subject: Subject, issuer: Issuer): string {
  const algorithm = new AlgorithmIdentifier({ algorithm: ecdsaWithSha256 })
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(),
    signature: algorithm,
    issuer: distinguishedName(issuer.commonName, []),
    validity: new Validity({ notBefore: subject.notBefore, notAfter: subject.notAfter }),
    subject: distinguishedName(subject.commonName, subject.organizations),
    subjectPublicKeyInfo: keyInfo(subject.publicKey),
    extensions: new Extensions(
      subject.publicKey === issuer.publicKey ? authorityExtensions(issuer) : leafExtensions(subject, issuer),
    ),
  })
  const signature = sign('sha256', new Uint8Array(AsnConvert.serialize(tbsCertificate)), issuer.privateKey)
  return pem(
    AsnConvert.serialize(
      new Certificate({
        tbsCertificate,
        signatureAlgorithm: algorithm,
        signatureValue: new Uint8Array(signature).buffer,
      }),
    ),
  )
}

function authorityExtensions({ publicKey }: Issuer): Extension[] {
  return [
    extension(id_ce_basicConstraints, new BasicConstraints({ cA: true }), true),
    extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign), true),
    extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(keyIdentifier(publicKey))),
  ]
}

function leafExtensions({ sans }: Subject, issuer: Issuer): Extension[] {
  const issuerKey = new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(keyIdentifier(issuer.publicKey)) })
  const common = [
    extension(id_ce_basicConstraints, new BasicConstraints(), true),
    extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature), true),
    extension(id_ce_authorityKeyIdentifier, issuerKey),
  ]
  if (sans.length === 0) return [...common, extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_clientAuth]))]
  return [
    ...common,
    extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth])),
    extension(id_ce_subjectAltName, new SubjectAlternativeName(sans.map(generalName))),
  ]
}

function extension(extnID: string, value: unknown, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) })
}

function distinguishedName(commonName: string, organizations: readonly string[]): Name {
  const attributes = [
    ...organizations.map((name) => [organizationType, name] as const),
    [commonNameType, commonName] as const,
  ]
  return new Name(
    attributes.map(
      ([type, utf8String]) =>
        new RelativeDistinguishedName([new AttributeTypeAndValue({ type, value: new AttributeValue({ utf8String }) })]),
    ),
  )
}

function generalName(san: string): GeneralName {
  return new GeneralName(isIP(san) === 0 ? { dNSName: san } : { iPAddress: san })
}

function keyInfo(publicKey: string): SubjectPublicKeyInfo {
  return AsnConvert.parse(createPublicKey(publicKey).export({ type: 'spki', format: 'der' }), SubjectPublicKeyInfo)
}

/** RFC 5280, section 4.2.1.2, method (1). */
function keyIdentifier(publicKey: string): Uint8Array {
  return createHash('sha1')
    .update(new Uint8Array(keyInfo(publicKey).subjectPublicKey))
    .digest()
}

/** Positive and without a leading zero byte, as a DER integer must be. */
function serialNumber(): ArrayBuffer {
  const [first = 0, ...rest] = randomBytes(16)
  return new Uint8Array([(first & 0x3f) | 0x40, ...rest]).buffer
}

function pem(der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
