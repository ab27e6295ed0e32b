"""Object identifiers of JPKI and of the sandbox, as dotted strings, each with its source.

Published: the arc 1.2.392.200149.8.5 belongs to the JPKI service.  The sandbox uses rows of its own under a UUID arc
(ITU-T X.667), so that no sandbox certificate can ever be read as a JPKI one.
"""

JPKI_ARC = "1.2.392.200149.8.5"

# Certificate policies, production.  The two card rows appear on real cards and in several public repositories; the
# phone row is reported once and marked unverified by its reporter.
POLICY_SIGNATURE_CARD = f"{JPKI_ARC}.1.1.20"
POLICY_USER_AUTHENTICATION_CARD = f"{JPKI_ARC}.1.3.30"
POLICY_SIGNATURE_PHONE_REPORTED = f"{JPKI_ARC}.1.1.40"

# Seen in the signature certificates of J-LIS test cards (issuer O=JPKI-TEST).  Neither our sandbox nor production: no
# row.
POLICY_SIGNATURE_CARD_JPKI_TEST = f"{JPKI_ARC}.1.0.20"

# Certificate policies, sandbox: <arc>.1.<purpose 1=signature 2=user authentication>.<medium 1=card 2=android 3=iphone>
SANDBOX_ARC = "2.25.198132220097252083107637694572716083166"
SANDBOX_POLICY_ARC = f"{SANDBOX_ARC}.1"

# Basic four attributes: otherName type-ids in the subjectAltName of signature certificates (public OID lists, decoded
# cards).
SUBJECT_ARC = f"{JPKI_ARC}.5"
SUBJECT_NAME = f"{SUBJECT_ARC}.1"
SUBJECT_NAME_SUBSTITUTES = f"{SUBJECT_ARC}.2"
SUBJECT_SEX = f"{SUBJECT_ARC}.3"
SUBJECT_BIRTH_DATE = f"{SUBJECT_ARC}.4"
SUBJECT_ADDRESS = f"{SUBJECT_ARC}.5"
SUBJECT_ADDRESS_SUBSTITUTES = f"{SUBJECT_ARC}.6"

# RFC 5280 certificate and CRL extensions
SUBJECT_KEY_IDENTIFIER = "2.5.29.14"
KEY_USAGE = "2.5.29.15"
SUBJECT_ALTERNATIVE_NAME = "2.5.29.17"
ISSUER_ALTERNATIVE_NAME = "2.5.29.18"
BASIC_CONSTRAINTS = "2.5.29.19"
CRL_NUMBER = "2.5.29.20"
REASON_CODE = "2.5.29.21"
INVALIDITY_DATE = "2.5.29.24"
DELTA_CRL_INDICATOR = "2.5.29.27"
ISSUING_DISTRIBUTION_POINT = "2.5.29.28"
CERTIFICATE_ISSUER = "2.5.29.29"
NAME_CONSTRAINTS = "2.5.29.30"
CRL_DISTRIBUTION_POINTS = "2.5.29.31"
CERTIFICATE_POLICIES = "2.5.29.32"
ANY_POLICY = "2.5.29.32.0"
AUTHORITY_KEY_IDENTIFIER = "2.5.29.35"
POLICY_MAPPINGS = "2.5.29.33"
POLICY_CONSTRAINTS = "2.5.29.36"
EXTENDED_KEY_USAGE = "2.5.29.37"
ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0"
FRESHEST_CRL = "2.5.29.46"
INHIBIT_ANY_POLICY = "2.5.29.54"
AUTHORITY_INFORMATION_ACCESS = "1.3.6.1.5.5.7.1.1"

# Key purposes: RFC 5280 section 4.2.1.12 and RFC 9336
CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"
EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4"
DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"

# RFC 8017 appendix C
RSA_ENCRYPTION = "1.2.840.113549.1.1.1"
RSASSA_PSS = "1.2.840.113549.1.1.10"
SHA256_WITH_RSA_ENCRYPTION = "1.2.840.113549.1.1.11"
SHA384_WITH_RSA_ENCRYPTION = "1.2.840.113549.1.1.12"
SHA512_WITH_RSA_ENCRYPTION = "1.2.840.113549.1.1.13"

# RFC 5480 and RFC 5758
EC_PUBLIC_KEY = "1.2.840.10045.2.1"
ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2"
ECDSA_WITH_SHA384 = "1.2.840.10045.4.3.3"
ECDSA_WITH_SHA512 = "1.2.840.10045.4.3.4"

# RFC 5754 section 2 (hashes), RFC 8017 appendix B.2.1 (mask)
SHA1 = "1.3.14.3.2.26"
SHA256 = "2.16.840.1.101.3.4.2.1"
SHA384 = "2.16.840.1.101.3.4.2.2"
SHA512 = "2.16.840.1.101.3.4.2.3"
MGF1 = "1.2.840.113549.1.1.8"

# Signatures with SHA-1, known by name only to be refused by it
SHA1_WITH_RSA_ENCRYPTION = "1.2.840.113549.1.1.5"
ECDSA_WITH_SHA1 = "1.2.840.10045.4.1"

# RFC 5652: content types and attributes; RFC 5035: the signer's certificate; RFC 6211: the algorithms
CMS_DATA = "1.2.840.113549.1.7.1"
CMS_SIGNED_DATA = "1.2.840.113549.1.7.2"
ATTRIBUTE_CONTENT_TYPE = "1.2.840.113549.1.9.3"
ATTRIBUTE_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
ATTRIBUTE_ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52"
ATTRIBUTE_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"

# OCSP: RFC 6960 sections 4.1.1, 4.2.1, 4.2.2.2 and 4.4.1
OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1"
OCSP_NONCE = "1.3.6.1.5.5.7.48.1.2"
OCSP_NOCHECK = "1.3.6.1.5.5.7.48.1.5"
OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"
