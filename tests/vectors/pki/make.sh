#!/usr/bin/env bash
# Makes the vectors of this folder with the openssl command (3.0 or later) and nothing of ours. Keys are thrown away, so a
# new run makes other bytes; the values in the tests stay true.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > openssl.cnf <<'CNF'
[ca]
default_ca = sandbox
[sandbox]
database = index.txt
serial = serial
crlnumber = crlnumber
new_certs_dir = .
default_md = sha256
policy = anything
string_mask = utf8only
unique_subject = no
[anything]
countryName = supplied
organizationName = optional
organizationalUnitName = optional
localityName = optional
commonName = optional
[req]
prompt = no
string_mask = utf8only
distinguished_name = ca_name
[ca_name]
C = JP
O = JPKI-SANDBOX
0.OU = JPKI for digital signature
1.OU = Sandbox emulation - not J-LIS
[dp_name]
C = JP
O = JPKI-SANDBOX
0.OU = JPKI for digital signature
1.OU = Sandbox emulation - not J-LIS
2.OU = CRL Distribution Points
CN = Card CRLDP
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[card_signature]
keyUsage = critical, digitalSignature, nonRepudiation
subjectAltName = @attributes
certificatePolicies = critical, @policy
crlDistributionPoints = card_dp
authorityKeyIdentifier = keyid
[attributes]
otherName.1 = 1.2.392.200149.8.5.5.1;FORMAT:UTF8,UTF8:髙橋　花子
otherName.2 = 1.2.392.200149.8.5.5.4;FORMAT:UTF8,UTF8:419900217
otherName.3 = 1.2.392.200149.8.5.5.3;FORMAT:UTF8,UTF8:2
otherName.4 = 1.2.392.200149.8.5.5.5;FORMAT:UTF8,UTF8:東京都千代田区霞が関一丁目
otherName.5 = 1.2.392.200149.8.5.5.2;FORMAT:UTF8,UTF8:10000
otherName.6 = 1.2.392.200149.8.5.5.6;FORMAT:UTF8,UTF8:0000000000000
[policy]
policyIdentifier = 2.25.198132220097252083107637694572716083166.1.1.1
CPS.1 = "https://example.jp/cps"
[card_dp]
fullname = dirName:dp_name
[list]
authorityKeyIdentifier = keyid
issuingDistributionPoint = critical, @idp
[idp]
fullname = dirName:dp_name
CNF
touch index.txt; echo 01 > serial; echo 2A > crlnumber
openssl req -config openssl.cnf -utf8 -newkey rsa:2048 -nodes -keyout ca.key -out ca.csr
openssl ca -config openssl.cnf -utf8 -batch -notext -selfsign -keyfile ca.key -in ca.csr -out ca.pem -extensions root \
  -startdate 20260101000000Z -enddate 20351231145959Z -preserveDN
issue() { # name, serial
  openssl req -config openssl.cnf -utf8 -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" \
    -subj "/C=JP/L=Tokyo-to/L=Chiyoda-ku/CN=20260401000000$2"
  echo "$2" > serial
  openssl ca -config openssl.cnf -utf8 -batch -notext -preserveDN -keyfile ca.key -cert ca.pem -in "$1.csr" -out "$1.pem" \
    -extensions card_signature -startdate 20260401000000Z -enddate 20310216145959Z
}
issue good 0132C4AC; issue held 0132C4AD; issue moved 0132C4AE
openssl ca -config openssl.cnf -keyfile ca.key -cert ca.pem -revoke held.pem -crl_reason certificateHold
openssl ca -config openssl.cnf -keyfile ca.key -cert ca.pem -revoke moved.pem -crl_reason affiliationChanged
openssl ca -config openssl.cnf -keyfile ca.key -cert ca.pem -gencrl -crlexts list -out list.pem \
  -crl_lastupdate 20261130150000Z -crl_nextupdate 20261201150000Z
printf 'the message that the holder signed' > message.bin
for name in ca good held moved; do openssl x509 -in "$name.pem" -outform DER -out "$here/$name.der"; done
openssl crl -in list.pem -outform DER -out "$here/list.der"
for name in good held moved; do openssl dgst -sha256 -sign "$name.key" -out "$here/$name.sig" message.bin; done
cp message.bin "$here/message.bin"
