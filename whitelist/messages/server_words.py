"""Words for findings about return servers, and for rules that nobody could answer.

SUBJECTS names what a rule looks at; it heads the sentences for an answer that did not come.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from whitelist.messages.sentences import Sentences

SUBJECTS: Mapping[str, Promise | str] = {
    "dom.jp_attribute": _("Kind of domain and kind of organisation"),
    "dom.lookalike": _("Look-alikes of other hosts"),
    "dom.duplicate": _("Entry of another provider"),
    "dns.resolves": _("Name resolution"),
    "dns.rebinding_ttl": _("Steadiness of the address"),
    "dns.dangling": _("Aliases that lead nowhere"),
    "dns.caa": _("CAA records"),
    "dns.dnssec": _("DNSSEC"),
    "dns.txt_proof": _("Proof of the domain"),
    "http.file_proof": _("Proof of the domain by a file"),
    "list.conformance": _("Conformance run"),
    "list.contact": _("Contacts"),
    "tls.connect": _("TLS connection"),
    "tls.chain": _("Trust in the certificate"),
    "tls.incomplete_chain": _("Completeness of the chain"),
    "tls.name": _("Name in the certificate"),
    "tls.expiry": _("Validity of the certificate"),
    "tls.expires_soon": _("Days left of the certificate"),
    "tls.version": _("TLS versions"),
    "tls.key": _("Key of the certificate"),
    "tls.signature": _("Signature of the certificate"),
    "http.status": _("Answer to an empty request"),
    "http.redirect_offsite": _("Redirects to elsewhere"),
    "http.open_redirect": _("Open redirect"),
    "http.hsts": _("HSTS"),
    "http.headers": _("Protective headers"),
    "app.assetlinks": _("Association file for Android"),
    "app.aasa": _("Association file for iOS"),
}

PASSED: Mapping[str, Promise | str] = {
    "dom.jp_attribute": _("The domain's kind fits the organisation"),
    "dom.lookalike": _("The host resembles no other provider's"),
    "dom.duplicate": _("No other provider has this URL"),
    "dns.resolves": _("The name leads to public addresses"),
    "dns.rebinding_ttl": _("The address may be kept long enough"),
    "dns.dangling": _("No alias leads nowhere"),
    "dns.caa": _("CAA records name the certificate authorities"),
    "dns.dnssec": _("The zone is signed (DNSSEC)"),
    "dns.txt_proof": _("The domain is proven by DNS"),
    "http.file_proof": _("The domain is proven by a file"),
    "list.conformance": _("The conformance run passed"),
    "list.contact": _("The contacts answer"),
    "tls.connect": _("TLS connects"),
    "tls.chain": _("A public certificate authority vouches for the certificate"),
    "tls.incomplete_chain": _("The chain is sent whole"),
    "tls.name": _("The certificate is for this host"),
    "tls.expiry": _("The certificate is valid today"),
    "tls.expires_soon": _("The certificate lasts a while"),
    "tls.version": _("Only TLS 1.2 and 1.3 are spoken"),
    "tls.key": _("The key is long enough"),
    "tls.signature": _("The certificate is signed with a strong hash"),
    "http.status": _("An empty request is turned away"),
    "http.redirect_offsite": _("No redirect leads away"),
    "http.open_redirect": _("No open redirect was found"),
    "http.hsts": _("HSTS keeps visitors on https"),
    "http.headers": _("The return page is neither kept nor framed"),
    "app.assetlinks": _("The Android app is associated"),
    "app.aasa": _("The iOS app is associated"),
}

FINDINGS: Mapping[tuple[str, str], Sentences] = {
    ("dom.jp_attribute", "administrative"): Sentences(
        _("%(suffix)s is for administrative bodies; the organisation is registered as another kind"),
        _("A domain that the applicant's own kind of organisation may hold"),
        _("Correct the legal basis of your organisation, or explain to the reviewer who runs this server."),
    ),
    ("dom.jp_attribute", "private"): Sentences(
        _("%(suffix)s is for businesses; the organisation is registered as an administrative body"),
        _("A domain that the applicant's own kind of organisation may hold"),
        _("Use a go.jp or lg.jp name, or explain to the reviewer which contractor runs this server."),
    ),
    ("dom.lookalike", ""): Sentences(
        _("The host can be taken for %(other)s, which another provider has listed"),
        _("A host that citizens cannot take for another service's"),
        _(
            "Choose a name that differs in more than one letter, or explain to the reviewer how "
            "the two belong together."
        ),
    ),
    ("dom.duplicate", ""): Sentences(
        _("Another provider has this URL listed"),
        _("One entry for each return server"),
        _("Check the URL. If a platform operator runs the server for both, ask it to add you to its entry."),
    ),
    ("dom.duplicate", "operator"): Sentences(
        _("Your platform operator has this URL listed already"),
        _("One entry for each return server"),
        _("Nothing needs to be applied for: ask your platform operator to add you to its entry."),
    ),
    ("dns.resolves", ""): Sentences(
        _("The name has no address"),
        _("An A or AAAA record with a public address"),
        _("Add an A or AAAA record for the host."),
    ),
    ("dns.resolves", "no_name"): Sentences(
        _("The name does not exist (NXDOMAIN)"),
        _("An A or AAAA record with a public address"),
        _("Look for a slip of the pen in the host name; then add an A or AAAA record to the zone."),
    ),
    ("dns.resolves", "not_public"): Sentences(
        _("The name leads to an address that is not public"),
        _("Public addresses only"),
        _("Remove private and reserved addresses from the public zone; keep them in your internal one."),
    ),
    ("dns.rebinding_ttl", ""): Sentences(
        _("The address may be kept for less than %(limit)s seconds"),
        _("A TTL of %(limit)s seconds or more"),
        _("Raise the TTL of the A and AAAA records, for example to 300 seconds."),
    ),
    ("dns.rebinding_ttl", "differs"): Sentences(
        _("Name servers give different addresses"),
        _("The same answer everywhere, unless a delivery network chooses by place"),
        _(
            "If you use a delivery network, nothing needs to be done. Otherwise look whether a "
            "name server holds an old zone."
        ),
    ),
    ("dns.dangling", ""): Sentences(
        _("The alias leads to %(target)s, which does not exist"),
        _("A CNAME whose target exists and is yours"),
        _(
            "Remove the CNAME or point it to a living target at once: whoever takes the released "
            "name takes over your host."
        ),
    ),
    ("dns.caa", ""): Sentences(
        _("No CAA record"),
        _("CAA records that name the certificate authorities you use"),
        _("Add CAA records, so that no other certificate authority issues for your name."),
    ),
    ("dns.dnssec", ""): Sentences(
        _("The zone is not signed (DNSSEC)"),
        _("A signed zone"),
        _("Switch DNSSEC on at your DNS service and hand the DS record to your registrar."),
    ),
    ("dns.txt_proof", ""): Sentences(
        _("The domain %(domain)s is not proven"),
        _("A TXT record or a file that only the holder of the domain can place"),
        _("Open “Domains”, copy the TXT value into your zone or place the file; it is looked for again and again."),
    ),
    ("dns.txt_proof", "waiting"): Sentences(
        _("The proof of %(domain)s is not seen yet"),
        _("A TXT record or a file that only the holder of the domain can place"),
        _("The page “Domains” shows what was asked, found and wanted at each server."),
    ),
    ("list.contact", ""): Sentences(
        _("A contact has not answered the mail"),
        _("Both contacts answered a mail within the last year"),
        _("Open the link in the mail that was sent to the contact, or enter another address."),
    ),
    ("list.contact", "old"): Sentences(
        _("A contact answered more than a year ago"),
        _("Both contacts answered a mail within the last year"),
        _("Have the mail sent again and open its link."),
    ),
    ("tls.connect", ""): Sentences(
        _("Something listens, but no TLS connection comes about"),
        _("TLS 1.2 or 1.3 on the port of the URL"),
        _("Look whether the port speaks TLS and has a certificate for this host."),
    ),
    ("tls.connect", "closed"): Sentences(
        _("The port is closed for us"),
        _("TLS 1.2 or 1.3 on the port of the URL"),
        _("Start the server, or let our scanner's addresses through your firewall and check again."),
    ),
    ("tls.chain", ""): Sentences(
        _("The certificate is of no publicly trusted authority"),
        _("A certificate of an authority that phones trust"),
        _("Get a certificate from a public authority, for example by ACME, and install it."),
    ),
    ("tls.chain", "self_signed"): Sentences(
        _("The certificate is self-signed"),
        _("A certificate of an authority that phones trust"),
        _("Get a certificate from a public authority, for example by ACME, and install it."),
    ),
    ("tls.incomplete_chain", ""): Sentences(
        _("The intermediate certificate is not sent"),
        _("The server's certificate followed by every intermediate one"),
        _("Install the full chain: browsers often fill the gap in silence, the app and other servers do not."),
    ),
    ("tls.name", ""): Sentences(
        _("The certificate is not for %(host)s"),
        _("%(host)s among the names of the certificate"),
        _("Get a certificate that names the host, and look whether the server chooses it by SNI."),
    ),
    ("tls.expiry", ""): Sentences(
        _("The certificate expired on %(day)s"),
        _("A certificate that is valid today"),
        _("Renew the certificate, reload the server, and find out why the renewal did not run."),
    ),
    ("tls.expiry", "not_yet"): Sentences(
        _("The certificate is valid from %(day)s only"),
        _("A certificate that is valid today"),
        _("Install the certificate that is valid now, and look at the clock of the server that ordered it."),
    ),
    ("tls.expires_soon", ""): Sentences(
        _("The certificate expires on %(day)s"),
        _("More than two weeks left; for short-lived certificates, more than a third of their life"),
        _("Renew it now, and see that the automatic renewal works."),
    ),
    ("tls.version", ""): Sentences(
        _("The server speaks neither TLS 1.2 nor 1.3"),
        _("TLS 1.2 and 1.3 only"),
        _("Switch TLS 1.2 and 1.3 on: the app speaks nothing older."),
    ),
    ("tls.version", "old_too"): Sentences(
        _("The server still speaks an old TLS version"),
        _("TLS 1.2 and 1.3 only"),
        _("Switch TLS 1.0 and 1.1 off."),
    ),
    ("tls.key", ""): Sentences(
        _("The key is too short (%(bits)s bits)"),
        _("%(smallest)s bits or more"),
        _("Make a new key (RSA 2048, or P-256) and get a new certificate for it."),
    ),
    ("tls.signature", ""): Sentences(
        _("The certificate is signed with a broken hash"),
        _("SHA-256 or stronger"),
        _("Get a new certificate: public authorities have signed with SHA-256 for years."),
    ),
    ("http.status", ""): Sentences(
        _("An empty request gets a success"),
        _("A status from 400 to 499, such as 405 for GET"),
        _("Answer 405 to GET and 400 to a POST without the fields."),
    ),
    ("http.status", "trace"): Sentences(
        _("The answer looks like a stack trace"),
        _("An error page that tells nothing of the inside"),
        _("Switch the debug mode off and install an error page of your own."),
    ),
    ("http.status", "server_error"): Sentences(
        _("An empty request makes the server fail"),
        _("A status from 400 to 499, such as 405 for GET"),
        _("Look at the server's log for this moment: an empty request must not break anything."),
    ),
    ("http.status", "not_found"): Sentences(
        _("Nothing is found at this path"),
        _("A status from 400 to 499 other than 404, if the path answers to GET at all"),
        _("If the path takes only POST, nothing needs to be done. Otherwise look for a slip of the pen in the path."),
    ),
    ("http.redirect_offsite", ""): Sentences(
        _("The server redirects to another domain"),
        _("An answer of the return server itself"),
        _("Register the URL that really receives the answer; a POST loses its body on most redirects."),
    ),
    ("http.redirect_offsite", "http"): Sentences(
        _("The server redirects to unencrypted http"),
        _("https from beginning to end"),
        _("Let the redirect lead to https, or do without it."),
    ),
    ("http.open_redirect", ""): Sentences(
        _("A request parameter chooses where the server redirects to (%(names)s)"),
        _("Redirects to fixed or listed places only"),
        _("Compare the parameter with a list of your own pages, and ignore everything else."),
    ),
    ("http.hsts", ""): Sentences(
        _("HSTS is missing"),
        "Strict-Transport-Security: max-age=31536000",
        _("Add the header to every https answer of the host."),
    ),
    ("http.hsts", "short"): Sentences(
        _("HSTS is forgotten too soon"),
        _("max-age of %(limit)s seconds (180 days) or more"),
        _("Raise max-age, for example to 31536000 (one year)."),
    ),
    ("http.headers", ""): Sentences(
        _("Protective headers are missing"),
        "%(missing)s",
        _("Add the headers to the answers of the return page."),
    ),
    ("app.assetlinks", ""): Sentences(
        _("The Android association file is not there"),
        _("/.well-known/assetlinks.json with status 200"),
        _("Place the file at /.well-known/assetlinks.json on this host."),
    ),
    ("app.assetlinks", "redirected"): Sentences(
        _("The Android association file is behind a redirect"),
        _("/.well-known/assetlinks.json with status 200"),
        _("Serve the file at its place: systems do not follow redirects to it."),
    ),
    ("app.assetlinks", "not_json"): Sentences(
        _("The Android association file is not JSON"),
        _("A JSON document with Content-Type: application/json"),
        _("Correct the file, and let the server send it as application/json."),
    ),
    ("app.assetlinks", "other_app"): Sentences(
        _("The Android association file does not name your app"),
        _("The identifier and the signing fingerprint of the app of this application"),
        _("Add your app to the file; take the fingerprint of the key that signs the published app."),
    ),
    ("app.aasa", ""): Sentences(
        _("The iOS association file is not there"),
        _("/.well-known/apple-app-site-association with status 200"),
        _("Place the file at /.well-known/apple-app-site-association on this host."),
    ),
    ("app.aasa", "redirected"): Sentences(
        _("The iOS association file is behind a redirect"),
        _("/.well-known/apple-app-site-association with status 200"),
        _("Serve the file at its place: systems do not follow redirects to it."),
    ),
    ("app.aasa", "not_json"): Sentences(
        _("The iOS association file is not JSON"),
        _("A JSON document with Content-Type: application/json"),
        _("Correct the file, and let the server send it as application/json."),
    ),
    ("app.aasa", "other_app"): Sentences(
        _("The iOS association file does not name your app"),
        _("The identifier and the signing fingerprint of the app of this application"),
        _("Add your app to the file; take the fingerprint of the key that signs the published app."),
    ),
}

# By Finding.variant of an inconclusive finding; the codes are those of whitelist.policy.server_facts.Outcome.
UNANSWERED: Mapping[str, Sentences] = {
    "timeout": Sentences(
        _("%(subject)s: no answer in time"),
        _("An answer; without one nothing can be said, for or against"),
        _("Let our scanner's addresses through your firewall and check again. This does not count against you."),
    ),
    "unreachable": Sentences(
        _("%(subject)s: the server could not be reached"),
        _("An answer; without one nothing can be said, for or against"),
        _("Let our scanner's addresses through your firewall and check again. This does not count against you."),
    ),
    "server_failed": Sentences(
        _("%(subject)s: the name servers gave no usable answer"),
        _("An answer; without one nothing can be said, for or against"),
        _("Look whether all name servers of the zone answer, and check again later."),
    ),
    "not_asked": Sentences(
        _("%(subject)s: not asked"),
        _("The proof of the domain and your tick come first"),
        _("Prove the domain and tick the box in the application; only then is this asked."),
    ),
    "not_built": Sentences(
        _("%(subject)s: not run yet"),
        _("The conformance run is not open yet"),
        _("Nothing needs to be done. It counts neither for nor against the application."),
    ),
}
